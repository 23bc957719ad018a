// The ways of running a job side by side, as one table: what `repopipe compare` measures.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

}  // namespace repopipe
