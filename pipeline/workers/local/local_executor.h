// Fetch and parse in this process, as a oneTBB flow graph: in a run's own process, and in each
// worker process.
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
  // `warn` takes a line where fewer threads than processors can be started.  `clock` outlives the
  // executor.
  LocalExecutor(
      Workshop parts, const Clock& clock,
      const std::function<void(const std::string&)>& warn = [](const std::string&) {});
  // What is under way fails as `cancelled`.
  ~LocalExecutor() override;

  void submit(std::shared_ptr<PendingTask> task) override;
  void cancel_queued() override;

 private:
  class Graph;
  std::unique_ptr<Graph> graph_;
};

}  // namespace repopipe
