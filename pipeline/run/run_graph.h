// The flow graph of a run: planner, executor and writer as oneTBB nodes.  See pipeline/README.md.
// It only passes messages; Plan makes the decisions.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/plan/plan.h"

namespace repopipe {

// The parts of a run.  All of them outlive the graph.
struct RunParts {
  Plan& plan;
  SubjectSource& subjects;
  Executor& executor;
  Store& store;
  const Clock& clock;
  // Takes the notices of Plan, and the time at which the run continues, if it waits.  Threading:
  // one call at a time.
  std::function<void(const Notice&, std::optional<WallTime>)> say;
  // Takes the answers to `ask_progress`.  Threading: one call at a time.
  std::function<void(RunProgress)> told = [](const RunProgress&) {};
};

class RunGraph {
 public:
  explicit RunGraph(const RunParts& parts);
  ~RunGraph();

  // Runs until Plan returns Finished.  Call it once.  An exception of the planner ends the run as
  // `failed`, with the exit code of its kind.
  RunEnd run();

  // Asks Plan how far the run is; `RunParts::told` gets the answer soon.  Threading: any thread.
  void ask_progress();

  // Ends the run after the requests in flight, also before `run`.  Threading: any thread, but not a
  // signal handler.
  void stop(RunStatus status, ExitCode exit_code, std::string reason);

 private:
  class Nodes;
  std::unique_ptr<Nodes> nodes_;
};

}  // namespace repopipe
