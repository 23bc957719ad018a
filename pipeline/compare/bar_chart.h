// The comparison as a table for terminals: a row for each way and concurrency.
#pragma once

#include <span>
#include <string>

#include "pipeline/base/system.h"
#include "pipeline/compare/trial.h"

namespace repopipe {
// Lines of at most 80 columns, each ended, in ASCII.
std::string table_of(std::span<const Measure> measures);

// Wall times as bars of plain characters, each divided by what the time went to.

// What bars are drawn with.
enum class Glyphs { ascii, blocks };

// Blocks where the locale of the environment has them (UTF-8); POSIX's order of the variables.
Glyphs glyphs_of(const Environment& environment);

// Lines of at most 80 columns, each ended; a legend below.
std::string bar_chart(std::span<const Measure> measures, Glyphs glyphs);

}  // namespace repopipe
