// Ctrl-C while runs are being measured: told by the thread that watches for signals, seen by the
// one that waits for a child.
#pragma once

#include <atomic>

#include "pipeline/base/system.h"

namespace repopipe {

// Threading: any.
class CancelToken {
 public:
  CancelToken();

  void tell(int signal);
  // 0: there was none.
  int signal() const { return signal_; }
  // A descriptor that can be read from as soon as there is one.
  int handle() const { return handle_.number(); }

 private:
  std::atomic<int> signal_{0};
  Descriptor handle_;  // an eventfd
};

}  // namespace repopipe
