// A signal that ends a run: told to people at once, and to the graph, also when it comes before
// there is one.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "pipeline/base/units.h"
#include "pipeline/command/signals.h"
#include "pipeline/run/run_graph.h"
#include "pipeline/run/timer.h"

namespace repopipe {

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
  void stop_graph();  // with mutex_ locked

  SignalWatch& signals_;
  const std::function<void(int signal)> told_;
  std::mutex mutex_;
  RunGraph* graph_ = nullptr;  // guarded by mutex_; while it runs
  int signal_ = 0;             // guarded by mutex_; 0: there was none
};

}  // namespace repopipe
