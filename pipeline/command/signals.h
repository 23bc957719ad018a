// SIGINT and SIGTERM as ordinary calls: the first asks the run to end, a second one ends the
// program.
#pragma once

#include <functional>
#include <thread>

namespace repopipe {

// Make it before any other thread is there: all of them must inherit the blocked signals.
class SignalWatch {
 public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  // From now on the first signal calls `first` with its number, on a thread of the watch, and the
  // second exits at once with 128 plus its number.  A signal that came before counts.
  void start(std::function<void(int signal)> first);

  // Ends the watch; `first` is not called any more once this has returned.
  void stop();

 private:
  void watch(const std::function<void(int signal)>& first) const;

  int signals_ = -1;  // a signalfd
  int ended_ = -1;    // an eventfd
  std::thread thread_;
};

}  // namespace repopipe
