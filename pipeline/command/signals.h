// SIGINT, SIGTERM and SIGHUP as ordinary calls: the first asks the command to end, a later one ends
// the program.  Where a command has nothing to finish, the first ends the program already.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

#include "pipeline/base/system.h"

namespace repopipe {

// What becomes of the signals after the first.
enum class LaterSignals { exit, told };

// "interrupted" or "terminated".
std::string_view name_of_end(int signal);

// Make it before any other thread is there: all of them must inherit the blocked signals.
class SignalWatch {
 public:
  // Throws Thrown where the files or the thread for it cannot be had.
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  // From now on a signal calls `first` with its number, on a thread of the watch, instead of
  // exiting at once with 128 plus its number.  SIGHUP is told as SIGTERM.  What
  // a process sends within a second after the first belongs to it: timeout(1) signals the program
  // and its group.  Any other does exit, unless it is to be told too.
  void start(std::function<void(int signal)> first, LaterSignals later = LaterSignals::exit);

  // `first` is not called any more once this has returned; a signal exits at once again.
  void stop();

 private:
  void watch();
  // A key is pressed once for each signal; a process may send one twice.
  enum class SentBy { terminal, process };

  void obey(int signal, SentBy sender);

  Descriptor signals_;  // a signalfd
  Descriptor ended_;    // an eventfd
  std::mutex mutex_;
  std::function<void(int signal)> told_;     // guarded by mutex_; empty: a signal exits
  LaterSignals later_ = LaterSignals::exit;  // guarded by mutex_
  std::optional<std::chrono::steady_clock::time_point> first_at_;  // guarded by mutex_
  std::thread thread_;                                             // last
};

}  // namespace repopipe
