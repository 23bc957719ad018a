#include <nlohmann/json.hpp>

#include "pipeline/compare/compared_text.h"
#include "pipeline/compare/recommendation.h"
#include "pipeline/compare/words.h"

namespace repopipe {
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
