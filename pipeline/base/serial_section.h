// States, and checks, that a piece of code is never run by two threads at once.
#pragma once

#include <atomic>
#include <cassert>

namespace repopipe {

// Not a lock: who finds it taken has found a defect.  What one thread did in a section is visible
// to the next one.
class SerialSection {
 public:
  template <class Work>
  void run(Work work) {
    [[maybe_unused]] const bool was_busy = busy_.exchange(true, std::memory_order_acquire);
    assert(!was_busy);
    work();
    busy_.store(false, std::memory_order_release);
  }

 private:
  std::atomic<bool> busy_{false};
};

}  // namespace repopipe
