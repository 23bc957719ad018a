// Time as the pipeline speaks of it: a monotonic clock for waits and durations, and the calendar
// for what is kept.  Nobody but a Clock asks the system for either, so tests can hold both still.
#pragma once

#include <chrono>
#include <string>

namespace repopipe {

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

}  // namespace repopipe
