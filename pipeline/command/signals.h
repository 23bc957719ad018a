// SIGINT, SIGTERM and SIGHUP as function calls: the first asks the command to end, a later one ends
// the program.  Without a function, the first ends the program.
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
// What happens to signals after the first.
enum class LaterSignals { exit, told };

// "interrupted" or "terminated".
std::string_view name_of_end(int signal);

// Create it before any other thread: all threads must inherit the blocked signals.
class SignalWatch {
 public:
  // Throws Thrown if its descriptors or thread cannot be created.
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  // From now on a signal calls `first` with its number on a thread of the watch; without it a
  // signal exits with 128 plus its number.  SIGHUP is passed as SIGTERM.  Signals from a process
  // within a second after the first are ignored, because timeout(1) signals both the program and
  // its group.  Later signals exit, unless `later` is `told`.
  void start(std::function<void(int signal)> first, LaterSignals later = LaterSignals::exit);

  // From now on SIGUSR1 calls `asked` on the thread of the watch; an empty one: it is ignored.
  void on_question(std::function<void()> asked);

  // Afterwards `first` is not called any more, and a signal exits.
  void stop();

 private:
  void watch();
  // A terminal sends one signal per key press; a process may send one twice.
  enum class SentBy { terminal, process };

  void obey(int signal, SentBy sender);

  Descriptor signals_;  // a signalfd
  Descriptor ended_;    // an eventfd
  Mutex mutex_;
  std::function<void(int signal)> told_ GUARDED_BY(mutex_);  // empty: a signal exits
  std::function<void()> asked_ GUARDED_BY(mutex_);
  LaterSignals later_ GUARDED_BY(mutex_) = LaterSignals::exit;
  std::optional<std::chrono::steady_clock::time_point> first_at_ GUARDED_BY(mutex_);
  Thread thread_;  // last member: destroyed first
};

// Stopping a run by a signal, also before its graph exists.

// "interrupted: finishes ... a second Ctrl-C ends it at once".  `what` follows "finishes".
std::string words_of_stop(int signal, std::string_view what);

// Ends the process with 75 and a message if it still runs `grace` after the deadline, for example
// because a disk or library hangs.  After a suspend past the deadline, `grace` starts at the
// wake-up.
class LastResort {
 public:
  // Throws Thrown if its thread cannot be started.
  explicit LastResort(Time deadline, Duration grace = std::chrono::minutes(1));

 private:
  void fire();

  const SystemClock clock_;
  const Duration grace_;
  bool has_passed_ = false;  // the deadline; used by the timer's thread
  Timer timer_;
};

// Null if its thread cannot be started: the run continues without it.
std::unique_ptr<LastResort> end_whatever_hangs(Time deadline);

// From construction to destruction the first signal stops the run instead of ending the program.
class RunStop {
 public:
  // `told` is called with the number of the signal on the thread of the watch, before the graph is
  // stopped.
  RunStop(SignalWatch& signals, std::function<void(int signal)> told);
  ~RunStop();
  RunStop(const RunStop&) = delete;
  RunStop& operator=(const RunStop&) = delete;

  // Runs the graph to its end; a signal, also an earlier one, stops it.
  RunEnd run(RunGraph& graph);

  // A signal has come.  Threading: any.
  bool was_asked() const;

 private:
  void obey(int signal);
  void stop_graph() REQUIRES(mutex_);

  SignalWatch& signals_;
  const std::function<void(int signal)> told_;
  mutable Mutex mutex_;
  RunGraph* graph_ GUARDED_BY(mutex_) = nullptr;  // while it runs
  int signal_ GUARDED_BY(mutex_) = 0;             // 0: none
};

}  // namespace repopipe
