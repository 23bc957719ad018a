// Time and sizes: clocks, durations and bytes, and how they are written.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

// Time as the pipeline speaks of it: a monotonic clock for waits and durations, and the calendar
// for what is kept.  Nobody but a Clock asks the system for either, so tests can hold both still.

using Duration = std::chrono::microseconds;
using Time = std::chrono::time_point<std::chrono::steady_clock, Duration>;
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

// As numbers, for reports and columns.
inline double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}
inline double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

// Threading: both methods may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  virtual WallTime wall() const = 0;
};

// `now` goes on while the machine is suspended (clock_gettime(2), CLOCK_BOOTTIME), so its values
// are not those of std::chrono::steady_clock, and a condition variable must not be given one.
class SystemClock final : public Clock {
 public:
  Time now() const override;
  WallTime wall() const override;
};

// "2026-11-22T03:00:00.123Z": ISO 8601, UTC, milliseconds; sorts as text in the order of time.
std::string to_iso8601(WallTime time);

// Sizes and durations as people write them ("64MiB", "30s"), and back.

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
