// The time of a plan: the clock's, and by how much the calendar has run ahead of it.
#pragma once

#include <chrono>
#include <optional>

#include "pipeline/base/units.h"

namespace repopipe {

// Limits end at a moment of the calendar.  It leaps where a virtual machine is suspended, or was
// set too late: then waits end sooner, and if that was too soon, the API says so.
// Threading: one thread at a time.
class PlanClock {
 public:
  // `clock` outlives it.
  explicit PlanClock(const Clock& clock);

  Time now() const { return clock_.now() + ahead_; }
  // Reads the calendar.  By how much it has leapt since it was last read; `now` has leapt with it.
  // Zero where it is adjusted, or set back.
  Duration follow_calendar();
  // By the clock: when to go on with a plan that waits until then.  Not so late that a leap of the
  // calendar goes unseen for long.
  Time wake_at(Time planned);
  // A moment of the plan, by the calendar.
  std::optional<WallTime> wall_time_of(std::optional<Time> time) const;

 private:
  const Clock& clock_;
  Duration ahead_{};
  Time next_look_{};                    // at the calendar
  std::chrono::milliseconds calendar_;  // of the clock's zero, when it was read last
};

}  // namespace repopipe
