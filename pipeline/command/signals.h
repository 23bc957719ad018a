// SIGINT, SIGTERM and SIGHUP as ordinary calls: the first asks the command to end, a later one ends
// the program.  Where a command has nothing to finish, the first ends the program already.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/mutex.h"
#include "pipeline/base/system.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"
#include "pipeline/run/run_graph.h"
#include "pipeline/run/timer.h"

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
  Mutex mutex_;
  std::function<void(int signal)> told_ GUARDED_BY(mutex_);  // empty: a signal exits
  LaterSignals later_ GUARDED_BY(mutex_) = LaterSignals::exit;
  std::optional<std::chrono::steady_clock::time_point> first_at_ GUARDED_BY(mutex_);
  Thread thread_;  // last
};

// A signal that ends a run: told to people at once, and to the graph, also when it comes before
// there is one.

// "interrupted: finishes ... a second Ctrl-C ends it at once".  `what` follows "finishes".
std::string words_of_stop(int signal, std::string_view what);

// Ends the process with 75 and a line if it is still there `grace` after the deadline: a drain
// hangs, in a disk or a library perhaps.  A machine that has slept past the deadline has as long
// after it wakes.
class LastResort {
 public:
  // Throws Thrown where the thread cannot be started.
  explicit LastResort(Time deadline, Duration grace = std::chrono::minutes(1));

 private:
  void fire();

  const SystemClock clock_;
  const Duration grace_;
  bool has_passed_ = false;  // the deadline; of the timer's thread
  Timer timer_;
};

// Null where its thread cannot be started: the run goes on without.
std::unique_ptr<LastResort> end_whatever_hangs(Time deadline);

// From construction to destruction a first signal does not end the program.
class RunStop {
 public:
  // `told` gets the number of the signal on the thread of the watch, before the graph is stopped.
  RunStop(SignalWatch& signals, std::function<void(int signal)> told);
  ~RunStop();
  RunStop(const RunStop&) = delete;
  RunStop& operator=(const RunStop&) = delete;

  // Runs the graph to its end, which a signal of before or of meanwhile brings about.
  RunEnd run(RunGraph& graph);

 private:
  void obey(int signal);
  void stop_graph() REQUIRES(mutex_);

  SignalWatch& signals_;
  const std::function<void(int signal)> told_;
  Mutex mutex_;
  RunGraph* graph_ GUARDED_BY(mutex_) = nullptr;  // while it runs
  int signal_ GUARDED_BY(mutex_) = 0;             // 0: there was none
};

}  // namespace repopipe
