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
#include "pipeline/workers/local/work_place.h"

namespace repopipe {

// Threading: that of its parts.
class Workshop {
 public:
  // `version` goes into the User-Agent.  `warn` takes a line about what the machine does not allow.
  // A failure is of kind `internal`: there is no such provider.  `clock` outlives the workshop.
  static Result<Workshop> open(
      const WorkSettings& settings, std::vector<std::string> tokens, std::string_view version,
      const Clock& clock, std::function<void(const std::string&)> warn = [](const std::string&) {});

  Fields fields() const { return fields_; }
  const Protocol& protocol() const { return *protocol_; }
  HttpClient& engine() { return *engine_; }
  // Refers to this object's parts, which stay where they are when it is moved.
  Here here() { return {*engine_, *protocol_, max_body_, parse_concurrency_}; }

 private:
  Workshop() = default;

  Fields fields_;
  std::unique_ptr<Protocol> protocol_;
  std::unique_ptr<HttpClient> engine_;
  Bytes max_body_{};
  int parse_concurrency_ = 1;
};

}  // namespace repopipe
