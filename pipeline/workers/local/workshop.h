// Opens the HTTP client, provider and transforms for the settings of a run or worker.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/provider.h"
#include "pipeline/model/work_settings.h"

namespace repopipe {

// Threading: that of its members.
struct Workshop {
  // `version` is for the User-Agent.  `warn` gets a line about limits of the machine.  A failure is
  // of kind `internal`: there is no such provider.  `clock` outlives the workshop.
  static Result<Workshop> open(
      const WorkSettings& settings, std::vector<std::string> tokens, std::string_view version,
      const Clock& clock, std::function<void(const std::string&)> warn = [](const std::string&) {});

  std::unique_ptr<Protocol> protocol;
  std::unique_ptr<HttpClient> engine;
  Bytes max_body{};
  int parse_concurrency = 1;
  std::vector<TransformStep> transforms{};
};

}  // namespace repopipe
