#include "pipeline/compare/way.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace repopipe {
namespace {

// Every way sets all four keys, so that the job's values do not matter.
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

namespace {

std::string three_digits(double value) {
  if (value < 9.995) return fmt::format("{:.2f}", value);
  if (value < 99.95) return fmt::format("{:.1f}", value);
  return fmt::format("{:.0f}", value);
}

}  // namespace

std::string show_seconds(Duration duration) {
  return three_digits(std::chrono::duration<double>(duration).count());
}

std::string show_megabytes(Bytes bytes) {
  return three_digits(static_cast<double>(bytes.count) / 1e6);
}

std::string show_in_flight(double count) {
  return fmt::format("{:.1f}", count);
}

const std::array<WallPart, 5>& wall_parts() {
  static const std::array<WallPart, 5> kParts{{
      {"starting", "start", &RunTimes::starting},
      {"fetching", "fetch", &RunTimes::fetching},
      {"processing", "proc", &RunTimes::processing},
      {"waiting", "wait", &RunTimes::waiting},
      {"finishing", "finish", &RunTimes::finishing},
  }};
  return kParts;
}

std::array<int, 5> percents(const RunTimes& times) {
  std::array<int, 5> whole{};
  const auto wall = static_cast<double>(times.wall().count());
  if (wall <= 0) return whole;
  // The rounding error goes to the values with the largest remainders.
  std::array<std::pair<double, std::size_t>, 5> lost;
  int left = 100;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const double exact = 100 * static_cast<double>((times.*wall_parts()[i].time).count()) / wall;
    whole[i] = static_cast<int>(std::floor(exact));
    lost[i] = {whole[i] - exact, i};
    left -= whole[i];
  }
  std::ranges::sort(lost);
  for (int i = 0; i < left; ++i) whole[lost[static_cast<std::size_t>(i)].second] += 1;
  return whole;
}

}  // namespace repopipe
