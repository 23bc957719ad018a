// The parts that fetch and parse, put together from settings: of a run that works in its own
// process, and of a worker.
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

// Threading: that of its parts.
struct Workshop {
  // `version` goes into the User-Agent.  `warn` takes a line about what the machine does not allow.
  // A failure is of kind `internal`: there is no such provider.  `clock` outlives the workshop.
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
