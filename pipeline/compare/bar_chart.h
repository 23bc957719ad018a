// Wall times as bars of plain characters, each divided by what the time went to.
#pragma once

#include <span>
#include <string>

#include "pipeline/base/system.h"
#include "pipeline/compare/measure.h"

namespace repopipe {

// What bars are drawn with.
enum class Glyphs { ascii, blocks };

// Blocks where the locale of the environment has them (UTF-8); POSIX's order of the variables.
Glyphs glyphs_of(const Environment& environment);

// Lines of at most 80 columns, each ended; a legend below.
std::string bar_chart(std::span<const Measure> measures, Glyphs glyphs);

}  // namespace repopipe
