// Executor in this process: fetch and parse as nodes of a oneTBB flow graph.  Used by runs and by
// worker processes.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/workers/local/workshop.h"

namespace repopipe {

class LocalExecutor final : public Executor {
 public:
  // `warn` gets a line if fewer threads than processors can be started.  `clock` outlives the
  // executor.
  LocalExecutor(
      Workshop parts, const Clock& clock,
      const std::function<void(const std::string&)>& warn = [](const std::string&) {});
  // Unfinished tasks fail as `cancelled`.
  ~LocalExecutor() override;

  void submit(std::shared_ptr<PendingTask> task) override;
  void cancel_queued() override;

 private:
  class Graph;
  std::unique_ptr<Graph> graph_;
};

}  // namespace repopipe
