// The flow graph of a run: planner, executor and writer as oneTBB nodes.  pipeline/README.md has
// the picture.  It only carries messages; Plan decides, the others work.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/plan/plan.h"

namespace repopipe {

// What a graph is made of; all of it outlives the graph.
struct RunParts {
  Plan& plan;
  SubjectSource& subjects;
  Executor& executor;
  Store& store;
  const Clock& clock;
  // What Plan has to say, and when the run will go on if it is waiting.  Threading: one at a time.
  std::function<void(const Notice&, std::optional<WallTime>)> say;
};

class RunGraph {
 public:
  explicit RunGraph(const RunParts& parts);
  ~RunGraph();

  // Runs until Plan says that it is over.  To be called once.  What the planner throws ends the run
  // as `failed`, with the exit code of its kind.
  RunEnd run();

  // Lets the run drain and end, also one that has yet to begin.  Threading: any; not from a signal
  // handler.
  void stop(RunStatus status, ExitCode exit_code, std::string reason);

 private:
  class Nodes;
  std::unique_ptr<Nodes> nodes_;
};

}  // namespace repopipe
