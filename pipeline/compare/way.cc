#include "pipeline/compare/way.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace repopipe {
namespace {

// Every way sets all four keys, so that nothing of the job's own choice is left.
std::vector<std::string> overrides_of(std::string_view engine, int concurrency, int processes,
                                      const std::string& queue) {
  const std::string address = queue.empty() ? "null" : nlohmann::json(queue).dump();
  return {fmt::format("fetch.engine={}", engine), fmt::format("fetch.concurrency={}", concurrency),
          fmt::format("execution.processes={}", processes),
          fmt::format("execution.queue={}", address)};
}

std::vector<std::string> sequential(const Setting&) {
  return overrides_of("event_loop", 1, 1, {});
}
std::vector<std::string> event_loop(const Setting& setting) {
  return overrides_of("event_loop", setting.concurrency, 1, {});
}
std::vector<std::string> threads(const Setting& setting) {
  return overrides_of("threads", setting.concurrency, 1, {});
}
std::vector<std::string> processes(const Setting& setting) {
  return overrides_of("event_loop", setting.concurrency, setting.processes, {});
}
std::vector<std::string> queue(const Setting& setting) {
  return overrides_of("event_loop", setting.concurrency, 1, setting.queue);
}

constexpr std::array kWays{
    WayEntry{Way::sequential, "sequential", "one request after another", sequential},
    WayEntry{Way::event_loop, "event_loop", "one thread waits for all requests", event_loop},
    WayEntry{Way::threads, "threads", "a thread for each request", threads},
    WayEntry{Way::processes, "processes", "a pool of processes fetches and parses", processes},
    WayEntry{Way::queue, "queue", "workers take requests from a queue", queue},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kWays.size(); ++i) {
    if (kWays[i].way != static_cast<Way>(i)) return false;
  }
  return true;
}
static_assert(in_order(), "the table is indexed by way");

}  // namespace

std::span<const WayEntry> ways() {
  return kWays;
}

std::string_view name_of(Way way) {
  return kWays[static_cast<std::size_t>(way)].name;
}

std::optional<Way> find_way(std::string_view name) {
  const auto found = std::ranges::find(kWays, name, &WayEntry::name);
  if (found == kWays.end()) return std::nullopt;
  return found->way;
}

std::string names_of_ways() {
  std::string names;
  for (const WayEntry& entry : kWays) names.append(names.empty() ? "" : ", ").append(entry.name);
  return names;
}

}  // namespace repopipe
