#include "pipeline/run/plan_clock.h"

#include <algorithm>
#include <utility>

namespace repopipe {
namespace {

// The smallest step of the calendar that is a leap and not an adjustment.
constexpr std::chrono::minutes kLeap{1};
// The interval between two reads of the calendar while Plan waits.
constexpr std::chrono::seconds kCalendarEvery{2};

std::chrono::milliseconds calendar_of(const Clock& clock) {
  return clock.wall().time_since_epoch() -
         std::chrono::duration_cast<std::chrono::milliseconds>(clock.now().time_since_epoch());
}

}  // namespace

PlanClock::PlanClock(const Clock& clock) : clock_(clock), calendar_(calendar_of(clock)) {}

Duration PlanClock::follow_calendar() {
  const std::chrono::milliseconds calendar = calendar_of(clock_);
  const auto leap = calendar - std::exchange(calendar_, calendar);
  if (leap < kLeap) return {};
  ahead_ += leap;
  return leap;
}

// The time of the next read is kept until it is due: each change of the timer wakes its thread.
Time PlanClock::wake_at(Time planned) {
  const Time time = now();
  if (next_look_ <= time) next_look_ = time + kCalendarEvery;
  return std::min(planned, next_look_) - ahead_;
}

std::optional<WallTime> PlanClock::wall_time_of(std::optional<Time> time) const {
  if (!time) return std::nullopt;
  return clock_.wall() + std::chrono::duration_cast<std::chrono::milliseconds>(*time - now());
}

RunProgress PlanClock::by_calendar(RunProgress progress) const {
  if (progress.waiting) progress.waiting->continues_at = wall_time_of(progress.waiting->until);
  return progress;
}

}  // namespace repopipe
