// The whole comparison as text for terminals and as JSON.
#pragma once

#include <string>

#include "pipeline/compare/bar_chart.h"
#include "pipeline/compare/trial.h"

namespace repopipe {
// "measured on 2 processors, the best of 3 runs each; processes: 4".
std::string conditions_of(const Compared& compared);

// Table, chart, whether all databases are equal, and the recommendation if they are.
std::string to_text(const Compared& compared, Glyphs glyphs);

// One JSON object in one line; docs/compare.md documents every member.
std::string to_json(const Compared& compared);

}  // namespace repopipe
