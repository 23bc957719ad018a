// How the reports of a comparison put numbers, and what they call the parts of the wall time.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "pipeline/base/units.h"
#include "pipeline/model/run.h"

namespace repopipe {

// In seconds, three digits or all before the point: "0.04", "12.3", "1204".
std::string show_seconds(Duration duration);
// In units of 1,000,000 bytes, likewise.
std::string show_megabytes(Bytes bytes);
// One decimal.
std::string show_in_flight(double count);

// A part of the wall time, in the order in which all reports have them.
struct WallPart {
  std::string_view name;
  std::string_view short_name;  // heads a column
  Duration RunTimes::*time;
};
const std::array<WallPart, 5>& wall_parts();

// Whole percents of the wall time, which add up to 100; all 0 if it is 0.
std::array<int, 5> percents(const RunTimes& times);

}  // namespace repopipe
