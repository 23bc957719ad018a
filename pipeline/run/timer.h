// Calls a function at a set time.  The run graph uses it to call the planner when a task is due.
#pragma once

#include <functional>
#include <optional>

#include "pipeline/base/failure.h"
#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"

namespace repopipe {

// Has one thread.  `fire` runs on it and must not block for long; it does not run after the
// destructor.
class Timer {
 public:
  // `clock` outlives it.  `on_error` gets the exception of `fire`; then the timer fires no more.
  // Throws Thrown if the thread cannot be started.
  Timer(const Clock& clock, std::function<void()> fire,
        std::function<void(const Failure&)> on_error);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // Fires once at `time`.  Replaces the time that was set before.  Threading: any.
  void set(Time time);

 private:
  void watch();

  const Clock& clock_;
  const std::function<void()> fire_;
  Mutex mutex_;
  Condition wake_;
  std::optional<Time> time_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  Thread thread_;  // last
};

}  // namespace repopipe
