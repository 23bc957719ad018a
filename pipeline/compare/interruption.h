// Ctrl-C while runs are being measured: told by the thread that watches for signals, seen by the
// one that waits for a child.
#pragma once

#include <atomic>

namespace repopipe {

// Threading: any.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  void tell(int signal);
  // 0: there was none.
  int signal() const { return signal_; }
  // A descriptor that can be read from as soon as there is one.
  int handle() const { return handle_; }

 private:
  std::atomic<int> signal_{0};
  int handle_;  // an eventfd
};

}  // namespace repopipe
