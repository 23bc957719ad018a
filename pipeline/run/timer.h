// Wakes somebody at a set time: the planner, when a task is due that nothing else would send.
#pragma once

#include <functional>
#include <optional>

#include "pipeline/base/failure.h"
#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"

namespace repopipe {

// One thread; `fire` runs on it and must not block for long.  After the destructor it never runs.
class Timer {
 public:
  // `clock` must outlive it.  `on_error` takes what `fire` throws; the timer fires no more.  Throws
  // Thrown where the thread cannot be started.
  Timer(const Clock& clock, std::function<void()> fire,
        std::function<void(const Failure&)> on_error);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // Rings once at `time`, in place of any time set before.  Threading: any.
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
