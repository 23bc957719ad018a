// The comparison as a table for terminals: a row for each way and concurrency.
#pragma once

#include <span>
#include <string>

#include "pipeline/compare/measure.h"

namespace repopipe {

// Lines of at most 80 columns, each ended, in ASCII.
std::string table_of(std::span<const Measure> measures);

}  // namespace repopipe
