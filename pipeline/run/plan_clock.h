// The time of a plan: the monotonic clock plus the leaps of the calendar.  Used by the run graph.
#pragma once

#include <chrono>
#include <optional>

#include "pipeline/base/units.h"
#include "pipeline/model/run.h"

namespace repopipe {

// Rate limits end at a calendar time.  The calendar leaps when a virtual machine was suspended, or
// when a wrong calendar is set forward.  After a leap, waits end sooner.  If that is too soon, the
// API refuses again.
// Threading: one thread at a time.
class PlanClock {
 public:
  // `clock` outlives it.
  explicit PlanClock(const Clock& clock);

  Time now() const { return clock_.now() + ahead_; }
  // Reads the calendar.  Returns its leap since the last read, and adds it to `now`.  Zero if the
  // calendar was only adjusted, or was set back.
  Duration follow_calendar();
  // The clock's time at which a plan that waits until `planned` must be called: then, or earlier
  // for the next read of the calendar.
  Time wake_at(Time planned);
  // Converts a time of the plan to a calendar time.
  std::optional<WallTime> wall_time_of(std::optional<Time> time) const;
  // `progress` with the end of its wait by the calendar.
  RunProgress by_calendar(RunProgress progress) const;

 private:
  const Clock& clock_;
  Duration ahead_{};
  Time next_look_{};                    // when to read the calendar again
  std::chrono::milliseconds calendar_;  // the calendar at the clock's zero, by the last read
};

}  // namespace repopipe
