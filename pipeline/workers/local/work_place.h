// Where fetch and parse run: here, in nodes of the run's own graph, or elsewhere, behind a channel.
#pragma once

#include <functional>
#include <variant>

#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/provider.h"

namespace repopipe {

// What is referred to outlives the graph.
struct Here {
  HttpClient& engine;
  const Protocol& protocol;
  Bytes max_body;
  int parse_concurrency = 1;
};
using Elsewhere = std::reference_wrapper<Channel>;
using WorkPlace = std::variant<Here, Elsewhere>;

}  // namespace repopipe
