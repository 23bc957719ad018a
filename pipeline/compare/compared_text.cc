#include "pipeline/compare/compared_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/text.h"
#include "pipeline/base/units.h"
#include "pipeline/compare/recommendation.h"
#include "pipeline/compare/table.h"

namespace repopipe {
namespace {

std::string verdict(const Compared& compared) {
  if (compared.differences.empty()) {
    const bool one = compared.measures.size() * static_cast<std::size_t>(compared.repeats) == 1;
    return (one ? "" : "All databases are equal.\n") + wrapped(recommendation(compared), 0) + '\n';
  }
  std::string text = "The databases are not equal:\n";
  for (const std::string& line : compared.differences) text += "  " + wrapped(line, 2) + '\n';
  return text;
}

}  // namespace

std::string conditions_of(const Compared& compared) {
  std::string text = fmt::format("measured on {} processor{}", compared.processors,
                                 compared.processors == 1 ? "" : "s");
  if (compared.repeats > 1) text += fmt::format(", the best of {} runs each", compared.repeats);
  const auto pool = std::ranges::find(compared.measures, Way::processes,
                                      [](const Measure& measure) { return measure.trial.way; });
  if (pool != compared.measures.end()) {
    text += fmt::format("; processes: {}", pool->trial.setting.processes);
  }
  return text;
}

std::string to_text(const Compared& compared, Glyphs glyphs) {
  const RunCost& cost = compared.measures.front().cost;
  return fmt::format("{}: {} users, {} repositories, {} requests\n{}\n\n{}\n{}\n{}", compared.job,
                     show(cost.users), show(cost.repos), show(cost.requests),
                     conditions_of(compared), table_of(compared.measures),
                     bar_chart(compared.measures, glyphs), verdict(compared));
}

}  // namespace repopipe
