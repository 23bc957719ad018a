// Recommends a way, see compared_text.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "pipeline/compare/compared_text.h"
#include "pipeline/compare/way.h"

namespace repopipe {
namespace {

constexpr double kAsFast = 1.05;  // ratio of wall times that count as equal
constexpr double kAsMuch = 1.1;   // ratio of memory that counts as equal
constexpr double kBusy = 0.7;     // share of the processors that counts as CPU bound
constexpr double kLimited = 0.5;  // share of waiting that counts as limited
constexpr Duration kTooShort = std::chrono::seconds(1);

const Measure& fastest(const std::vector<Measure>& measures) {
  return *std::ranges::min_element(measures, {}, &Measure::wall);
}

double times(Duration longer, Duration shorter) {
  return seconds(longer) / std::max(seconds(shorter), 1e-6);
}

const Measure& choose(const std::vector<Measure>& measures) {
  const Measure* chosen = &fastest(measures);
  const Duration best = chosen->wall;
  const auto rank = [](const Measure& measure) {
    return std::tuple(measure.trial.way, measure.trial.setting.concurrency);
  };
  for (const Measure& measure : measures) {
    if (times(measure.wall, best) <= kAsFast && rank(measure) < rank(*chosen)) chosen = &measure;
  }
  return *chosen;
}

const Measure* find(const std::vector<Measure>& measures, Way way) {
  const auto found =
      std::ranges::find(measures, way, [](const Measure& measure) { return measure.trial.way; });
  return found == measures.end() ? nullptr : &*found;
}

// The fastest measure of a way.
std::optional<Measure> best_of(const std::vector<Measure>& measures, Way way) {
  std::vector<Measure> its;
  std::ranges::copy_if(measures, std::back_inserter(its),
                       [way](const Measure& measure) { return measure.trial.way == way; });
  if (its.empty()) return std::nullopt;
  return fastest(its);
}

// The bottleneck of a run.
std::string bound_of(const Measure& measure, int processors) {
  const double busy = seconds(measure.cpu) / std::max(seconds(measure.wall), 1e-6);
  if (busy >= kBusy * processors) {
    return fmt::format("the processors are the limit ({:.1f} of {} are busy)", busy, processors);
  }
  if (measure.trial.way == Way::sequential) return "each request waits for the one before it";
  return fmt::format("{} requests wait for the API at once",
                     show_in_flight(measure.cost.in_flight));
}

// "1.4", "12".
std::string factor(double value) {
  return value < 9.95 ? fmt::format("{:.1f}", value) : fmt::format("{:.0f}", value);
}

// "is as fast", "takes 8 % longer", "takes 2.1 times as long".
std::string slowness(double slower) {
  if (slower <= kAsFast) return "is as fast";
  if (slower < 1.5) return fmt::format("takes {:.0f} % longer", 100 * (slower - 1));
  return fmt::format("takes {} times as long", factor(slower));
}

// "threads at 8 is as fast with 1.4 times the memory".
std::string beside(const Measure& other, const Measure& chosen) {
  const std::string text = show(other.trial) + ' ' + slowness(times(other.wall, chosen.wall));
  const double memory = megabytes(other.memory) / std::max(megabytes(chosen.memory), 1e-6);
  if (memory > kAsMuch) return text + fmt::format(" with {} times the memory", factor(memory));
  return memory * kAsMuch < 1 ? text + " with less memory" : text;
}

std::string others(const std::vector<Measure>& measures, const Measure& chosen) {
  std::string text;
  const bool more_tried = std::ranges::any_of(measures, [&](const Measure& other) {
    return other.trial.way == chosen.trial.way &&
           other.trial.setting.concurrency > chosen.trial.setting.concurrency;
  });
  if (more_tried) text += "; more concurrent requests are not faster";
  for (const WayEntry& entry : ways()) {
    if (entry.way == Way::sequential || entry.way == chosen.trial.way) continue;
    if (const auto other = best_of(measures, entry.way)) text += "; " + beside(*other, chosen);
  }
  return text;
}

// "7.9 times as fast as sequential", or empty.
std::string gain(const std::vector<Measure>& measures, const Measure& chosen) {
  const Measure* sequential = find(measures, Way::sequential);
  if (sequential == nullptr || chosen.trial.way == Way::sequential) return {};
  return fmt::format("it is {} times as fast as sequential",
                     factor(times(sequential->wall, chosen.wall)));
}

std::string too_short(const std::vector<Measure>& measures, const Measure& chosen) {
  const std::string much = gain(measures, chosen);
  return fmt::format(
      "Perhaps {}{}; but the fastest run took {} s, and under one second the ways cannot be "
      "distinguished: compare with more users.",
      show(chosen.trial), much.empty() ? "" : ": " + much, show_seconds(fastest(measures).wall));
}

}  // namespace

std::string recommendation(const Compared& compared) {
  const std::vector<Measure>& measures = compared.measures;
  const Measure& chosen = choose(measures);
  if (measures.size() == 1) {
    return fmt::format("Only {} was measured, so there is nothing to compare.", show(chosen.trial));
  }
  if (fastest(measures).wall < kTooShort) return too_short(measures, chosen);
  const RunTimes& wall = chosen.cost.times;
  const double waiting = seconds(wall.waiting) / std::max(seconds(wall.wall()), 1e-6);
  if (waiting > kLimited) {
    return fmt::format(
        "Use {}: {:.0f} % of the wall time was spent waiting for the API's limits, which is "
        "the same in every way.",
        show(chosen.trial), 100 * waiting);
  }
  const std::string bound = bound_of(chosen, compared.processors);
  const std::string much = gain(measures, chosen);
  const std::string why = much.empty() ? bound : much + " because " + bound;
  return fmt::format("Use {}: {}{}.", show(chosen.trial), why, others(measures, chosen));
}

}  // namespace repopipe
