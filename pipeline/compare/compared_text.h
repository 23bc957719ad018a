// The comparison as text for terminals, with a table, a bar chart and a recommendation, and as
// JSON.
#pragma once

#include <span>
#include <string>

#include "pipeline/base/system.h"
#include "pipeline/compare/trial.h"

namespace repopipe {
// A row per way and concurrency.  Lines of at most 80 columns, in ASCII, each with a newline.
std::string table_of(std::span<const Measure> measures);

// Wall times as bars, divided into the parts of the wall time.

// The characters of the bars.
enum class Glyphs { ascii, blocks };

// Blocks if the locale is UTF-8; the variables are read in POSIX order.
Glyphs glyphs_of(const Environment& environment);

// Lines of at most 80 columns, each with a newline, and a legend.
std::string bar_chart(std::span<const Measure> measures, Glyphs glyphs);

// "measured on 2 processors, the best of 3 runs each; processes: 4".
std::string conditions_of(const Compared& compared);

// Recommends a way from the measures alone: the fastest one; among those within 5 % of it the
// simplest, with the smallest concurrency.  Says so if the runs are too short.  `compared` has at
// least one measure.
std::string recommendation(const Compared& compared);

// Table, chart, whether all databases are equal, and the recommendation if they are.
std::string to_text(const Compared& compared, Glyphs glyphs);

// One JSON object in one line; docs/compare.md documents every member.
std::string to_json(const Compared& compared);

}  // namespace repopipe
