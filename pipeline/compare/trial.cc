#include "pipeline/compare/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace repopipe {

std::string show(const Trial& trial) {
  if (trial.way == Way::sequential) return std::string(name_of(trial.way));
  return fmt::format("{} at {}", name_of(trial.way), trial.setting.concurrency);
}

std::vector<Trial> trials_of(const TrialChoice& choice) {
  const std::set<Way> chosen(choice.ways.begin(), choice.ways.end());
  const std::set<int> numbers(choice.concurrencies.begin(), choice.concurrencies.end());
  const bool is_sequential = chosen.contains(Way::sequential);
  std::vector<Trial> trials;
  for (const Way way : chosen) {
    if (way == Way::sequential) {
      trials.push_back({way, {}});
      continue;
    }
    for (const int number : numbers) {
      if (way == Way::event_loop && number == 1 && is_sequential) continue;
      trials.push_back({way, {number, choice.processes, choice.queue}});
    }
  }
  return trials;
}

std::vector<std::string> overrides_of(const Trial& trial) {
  return ways()[static_cast<std::size_t>(trial.way)].overrides(trial.setting);
}

}  // namespace repopipe
