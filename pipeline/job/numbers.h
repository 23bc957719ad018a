// The numbers a scalar of the tree stands for.
#pragma once

#include <cstdint>
#include <optional>

#include "pipeline/job/node.h"

namespace repopipe {

// Nothing unless `node` is an integer (YAML also has 0x1f and 0o17) that fits.
std::optional<std::int64_t> whole_number(const Node& node);

// Nothing unless `node` is a finite number.
std::optional<double> real_number(const Node& node);

}  // namespace repopipe
