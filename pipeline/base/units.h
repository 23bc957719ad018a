// Time and sizes: clocks, durations and bytes, and their text forms.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

// A monotonic clock for waits and durations, and the calendar for stored times.  Only a Clock reads
// the system's clocks, so tests can replace both.

using Duration = std::chrono::microseconds;
using Time = std::chrono::time_point<std::chrono::steady_clock, Duration>;
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

// As numbers for reports and columns.
inline double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}
inline double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

// Threading: any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  virtual WallTime wall() const = 0;
};

// `now` includes time in which the machine is suspended (clock_gettime(2), CLOCK_BOOTTIME).  Its
// values differ from those of std::chrono::steady_clock and must not be passed to a condition
// variable.
class SystemClock final : public Clock {
 public:
  Time now() const override;
  WallTime wall() const override;
};

// "2026-11-22T03:00:00.123Z": ISO 8601, UTC, milliseconds; sorts as text.
std::string to_iso8601(WallTime time);

// A duration without an end.
inline constexpr std::chrono::milliseconds kForever = std::chrono::milliseconds::max();

// Sizes and durations as text ("64MiB", "30s").

struct Bytes {
  std::uint64_t count = 0;
  friend auto operator<=>(const Bytes&, const Bytes&) = default;
};

// `text` is a whole number and B, KB, KiB, MB, MiB, GB or GiB; nothing: it is not, or exceeds 64
// bits.
std::optional<Bytes> parse_bytes(std::string_view text);

// `text` is one or more numbers, each with ms, s, m, h or d ("1h30m"); nothing: it is not, or
// overflows.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// For people: "34.1 MB", "512 B" (powers of 1000).
std::string show(Bytes bytes);
// For people: "850 ms", "12.3 s", "4 min 10 s", "2 h 5 min".
std::string show(std::chrono::milliseconds duration);
// Rounded, for long waits: "40 s", "38 min", "26 h", "3 days".
std::string show_rounded(std::chrono::microseconds duration);
// For people: 1234567 as "1,234,567".
std::string show(std::uint64_t count);

}  // namespace repopipe
