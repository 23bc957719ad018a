// SIGINT and SIGTERM as ordinary calls: the first asks the run to end, a second one ends the
// program.  Outside a run there is nothing to be kept, and the first ends the program already.
#pragma once

#include <functional>
#include <mutex>
#include <thread>

#include "pipeline/core/descriptor.h"

namespace repopipe {

// What becomes of the signals after the first.
enum class LaterSignals { exit, told };

// Make it before any other thread is there: all of them must inherit the blocked signals.
class SignalWatch {
 public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  // From now on a signal calls `first` with its number, on a thread of the watch, instead of
  // exiting at once with 128 plus its number; the one after it does exit, unless it is to be told
  // too.
  void start(std::function<void(int signal)> first, LaterSignals later = LaterSignals::exit);

  // `first` is not called any more once this has returned; a signal exits at once again.
  void stop();

 private:
  void watch();
  void obey(int signal);

  Descriptor signals_;  // a signalfd
  Descriptor ended_;    // an eventfd
  std::mutex mutex_;
  std::function<void(int signal)> first_;    // guarded by mutex_; empty: a signal exits
  LaterSignals later_ = LaterSignals::exit;  // guarded by mutex_
  std::thread thread_;                       // last
};

}  // namespace repopipe
