#include "pipeline/compare/compared_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "pipeline/base/text.h"
#include "pipeline/base/units.h"
#include "pipeline/compare/bar_chart.h"
#include "pipeline/compare/recommendation.h"
#include "pipeline/compare/way.h"

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

namespace {

using Json = nlohmann::ordered_json;

Json stages_of(const RunTimes& times) {
  Json stages;
  for (const WallPart& part : wall_parts()) {
    stages[std::string(part.name) + "_s"] = seconds(times.*part.time);
  }
  return stages;
}

Json to_object(const Measure& measure) {
  const Trial& trial = measure.trial;
  return {{"way", name_of(trial.way)},
          {"concurrency", trial.setting.concurrency},
          {"processes", trial.way == Way::processes ? trial.setting.processes : 1},
          {"wall_s", seconds(measure.wall)},
          {"cpu_s", seconds(measure.cpu)},
          {"memory_bytes", measure.memory.count},
          {"in_flight", measure.cost.in_flight},
          {"users", measure.cost.users},
          {"repos", measure.cost.repos},
          {"requests", measure.cost.requests},
          {"stages", stages_of(measure.cost.times)}};
}

}  // namespace

std::string to_json(const Compared& compared) {
  Json measures = Json::array();
  for (const Measure& measure : compared.measures) measures.push_back(to_object(measure));
  const bool equal = compared.differences.empty();
  const Json json{{"job", compared.job},
                  {"version", compared.version},
                  {"processors", compared.processors},
                  {"repeats", compared.repeats},
                  {"equal", equal},
                  {"differences", compared.differences},
                  {"recommendation", equal ? Json(recommendation(compared)) : Json()},
                  {"measures", std::move(measures)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace repopipe
