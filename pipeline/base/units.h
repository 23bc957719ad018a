// Sizes and durations as people write them ("64MiB", "30s"), and back.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

struct Bytes {
  std::uint64_t count = 0;
  friend auto operator<=>(const Bytes&, const Bytes&) = default;
};

// Nothing unless `text` is a whole number followed by B, KB, KiB, MB, MiB, GB or GiB and fits 64
// bits.
std::optional<Bytes> parse_bytes(std::string_view text);

// Nothing unless `text` is one or more numbers with ms, s, m, h or d behind each ("1h30m") that
// fit.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// For people: "34.1 MB", "512 B" (powers of 1000).
std::string show(Bytes bytes);
// For people: "850 ms", "12.3 s", "4 min 10 s", "2 h 5 min".
std::string show(std::chrono::milliseconds duration);
// For people who wait: "40 s", "38 min", "26 h", "3 days".
std::string show_rounded(std::chrono::microseconds duration);
// For people: 1234567 as "1,234,567".
std::string show(std::uint64_t count);

}  // namespace repopipe
