// A job file's text as a tree.
#pragma once

#include <optional>
#include <string_view>

#include "pipeline/job/node.h"

namespace repopipe {

// Both give nothing when `text` is not well-formed, and say why and where in `diagnostics`.  `text`
// is legal UTF-8 without a byte order mark.  Repeated keys stay in the tree.
std::optional<Node> parse_json(std::string_view text, Place place, Diagnostics& diagnostics);

// YAML 1.2 with the core schema: yes and on are text.  Not taken: tags, several documents
// in a file, aliases that blow up.
std::optional<Node> parse_yaml(std::string_view text, Place place, Diagnostics& diagnostics);

}  // namespace repopipe
