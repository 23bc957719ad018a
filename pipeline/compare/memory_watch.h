// Measures the peak memory of processes and their descendants, by sampling on a thread of its own.
#pragma once

#include <sys/types.h>

#include <span>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"

namespace repopipe {

// Shared pages count once (proportional set size, proc(5): smaps_rollup), or resident pages if the
// kernel does not support it.  Processes that have ended count 0.
Bytes memory_of(std::span<const pid_t> processes);

// If its thread cannot be started, or without memory, there are fewer samples or none.
class MemoryWatch {
 public:
  explicit MemoryWatch(std::vector<pid_t> processes);
  ~MemoryWatch();
  MemoryWatch(const MemoryWatch&) = delete;
  MemoryWatch& operator=(const MemoryWatch&) = delete;

  struct Peak {
    Bytes memory{};
    int samples = 0;  // if there are few, the peak may have been missed
  };
  // Call it before waiting for the processes, since their ids may be reused afterwards.
  Peak stop();

 private:
  void watch();

  const std::vector<pid_t> processes_;
  Mutex mutex_;
  Condition wake_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  Peak peak_;      // used by the thread until it is joined
  Thread thread_;  // last member: destroyed first
};

}  // namespace repopipe
