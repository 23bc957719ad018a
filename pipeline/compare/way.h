// The table of the ways to run a job that `repopipe compare` measures.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/run.h"

namespace repopipe {
// From simple to complex: among equally fast ways the first one is recommended.
enum class Way { sequential, event_loop, threads, processes, queue };

// The parameters of a way.
struct Setting {
  int concurrency = 1;
  int processes = 1;
  std::string queue{};  // address; empty: none
};

struct WayEntry {
  Way way;
  std::string_view name;
  std::string_view meaning;  // a few words for reports
  // The values for `--set`.
  std::vector<std::string> (*overrides)(const Setting& setting);
};

std::span<const WayEntry> ways();

std::string_view name_of(Way way);

// Nothing: there is no such way.
std::optional<Way> find_way(std::string_view name);

// "threads, event_loop": all names, for messages.
std::string names_of_ways();

// Formatting of numbers, and the parts of the wall time in reports.

// Seconds with three digits, or all digits before the point: "0.04", "12.3", "1204".
std::string show_seconds(Duration duration);
// In units of 1,000,000 bytes, with the same rounding.
std::string show_megabytes(Bytes bytes);
// One decimal.
std::string show_in_flight(double count);

// A part of the wall time, in the order of all reports.
struct WallPart {
  std::string_view name;
  std::string_view short_name;  // heading of its column
  Duration RunTimes::*time;
};
const std::array<WallPart, 5>& wall_parts();

// Whole percents of the wall time with a sum of 100; all 0 if it is 0.
std::array<int, 5> percents(const RunTimes& times);

}  // namespace repopipe
