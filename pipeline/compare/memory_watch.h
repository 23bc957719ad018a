// How much memory processes and all their descendants use at most, asked of the kernel again and
// again from a thread of its own.
#pragma once

#include <sys/types.h>

#include <span>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"

namespace repopipe {

// Pages that several processes share count once, spread over them (proportional set size, proc(5):
// smaps_rollup); where the kernel does not tell, resident pages count.  Processes that have ended
// count nothing.
Bytes memory_of(std::span<const pid_t> processes);

// Without a thread of its own, or without memory, it tells of less: a run is measured without it.
class MemoryWatch {
 public:
  explicit MemoryWatch(std::vector<pid_t> processes);
  ~MemoryWatch();
  MemoryWatch(const MemoryWatch&) = delete;
  MemoryWatch& operator=(const MemoryWatch&) = delete;

  struct Peak {
    Bytes memory{};
    int samples = 0;  // few: the peak may have been missed
  };
  // Call it before the processes are waited for: until then their numbers are theirs.
  Peak stop();

 private:
  void watch();

  const std::vector<pid_t> processes_;
  Mutex mutex_;
  Condition wake_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  Peak peak_;      // of the thread, until it is joined
  Thread thread_;  // last
};

}  // namespace repopipe
