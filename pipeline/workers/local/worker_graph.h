// The graph of a worker: fetch and parse, and what is done with each task result.  It decides
// nothing and keeps nothing.
#pragma once

#include <functional>
#include <memory>

#include "pipeline/base/units.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/task.h"
#include "pipeline/workers/local/work_place.h"

namespace repopipe {

class WorkerGraph {
 public:
  // `home` takes every task result, on any thread, several at a time.  `clock` outlives the graph.
  WorkerGraph(const Here& here, const Clock& clock, std::function<void(TaskResult)> home);
  // Waits until every task is home.
  ~WorkerGraph();

  // Threading: one thread at a time.
  void submit(Task task);

 private:
  class Nodes;
  std::unique_ptr<Nodes> nodes_;
};

}  // namespace repopipe
