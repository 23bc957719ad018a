// The ways of running a job side by side, as one table: what `repopipe compare` measures.
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
// In the order of how little there is to them: of two that are as fast, the earlier is better.
enum class Way { sequential, event_loop, threads, processes, queue };

// What a way may be given.
struct Setting {
  int concurrency = 1;
  int processes = 1;
  std::string queue{};  // address; empty: there is none
};

struct WayEntry {
  Way way;
  std::string_view name;
  std::string_view meaning;  // for people: a few words
  // What makes a job run this way: values for `--set`.
  std::vector<std::string> (*overrides)(const Setting& setting);
};

std::span<const WayEntry> ways();

std::string_view name_of(Way way);

// Nothing: no way has that name.
std::optional<Way> find_way(std::string_view name);

// "threads, event_loop": the names of all, for messages.
std::string names_of_ways();

// How the reports of a comparison put numbers, and what they call the parts of the wall time.

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
