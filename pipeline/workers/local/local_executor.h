// Executor in this process: fetch and parse as nodes of a oneTBB flow graph.  Used by runs and by
// worker processes.  LocalParts: what it consists of.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/provider.h"
#include "pipeline/model/work_settings.h"

namespace repopipe {

// HTTP client, provider and transforms for the settings of a run or worker.  Threading: that of its
// members.
struct LocalParts {
  // `version` is for the User-Agent.  `warn` gets a line about limits of the machine.  A failure is
  // of kind `internal`: there is no such provider.  `clock` outlives the parts.
  static Result<LocalParts> open(
      const WorkSettings& settings, std::vector<std::string> tokens, std::string_view version,
      const Clock& clock, std::function<void(const std::string&)> warn = [](const std::string&) {});

  std::unique_ptr<Protocol> protocol;
  std::unique_ptr<HttpClient> engine;
  Bytes max_body{};
  int parse_concurrency = 1;
  std::vector<TransformStep> transforms{};
};

class LocalExecutor final : public Executor {
 public:
  // `warn` gets a line if fewer threads than processors can be started.  `clock` outlives the
  // executor.
  LocalExecutor(
      LocalParts parts, const Clock& clock,
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
