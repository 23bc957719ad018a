#include "pipeline/compare/compared_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "pipeline/base/text.h"
#include "pipeline/base/units.h"
#include "pipeline/compare/way.h"

namespace repopipe {
namespace {

std::string head() {
  std::string line = fmt::format("{:<10}{:>5}{:>8}{:>8}{:>7}{:>8} ", "way", "at", "wall s", "CPU s",
                                 "MB", "flight");
  for (const WallPart& part : wall_parts()) {
    line += fmt::format("{:>{}}", part.short_name, part.short_name.size() + 1);
  }
  return fmt::format("{:>46}{:>25}\n{}\n", "in", "% of the wall time", line);
}

std::string row(const Measure& measure) {
  std::string line = fmt::format("{:<10}{:>5}{:>8}{:>8}{:>7}{:>8} ", name_of(measure.trial.way),
                                 measure.trial.setting.concurrency, show_seconds(measure.wall),
                                 show_seconds(measure.cpu), show_megabytes(measure.memory),
                                 show_in_flight(measure.cost.in_flight));
  const auto shares = percents(measure.cost.times);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    line += fmt::format("{:>{}}", shares[i], wall_parts()[i].short_name.size() + 1);
  }
  return line + '\n';
}

}  // namespace

std::string table_of(std::span<const Measure> measures) {
  std::string table = head();
  for (const Measure& measure : measures) table += row(measure);
  return table;
}

namespace {

constexpr int kLongest = 54;  // columns; the label has 16 and the number 9

using Set = std::array<std::string_view, 5>;  // in the order of wall_parts()

constexpr Set kAscii{"-", "#", "=", ".", "+"};
constexpr Set kBlocks{"─", "█", "▓", "░", "═"};

const Set& set_of(Glyphs glyphs) {
  return glyphs == Glyphs::ascii ? kAscii : kBlocks;
}

// The end of each part of the bar, in columns from its start.
std::array<int, 5> ends_of(const Measure& measure, int length) {
  const RunTimes& times = measure.cost.times;
  const auto wall = static_cast<double>(times.wall().count());
  std::array<int, 5> ends{};
  double until = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    until += static_cast<double>((times.*wall_parts()[i].time).count());
    ends[i] = wall > 0 ? static_cast<int>(std::lround(length * until / wall)) : 0;
  }
  return ends;
}

std::string bar(const Measure& measure, Duration longest, const Set& set) {
  const double share = seconds(measure.wall) / std::max(seconds(longest), 1e-6);
  const int length = std::max(1, static_cast<int>(std::lround(kLongest * share)));
  std::string text;
  int at = 0;
  const auto ends = ends_of(measure, length);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    for (; at < ends[i]; ++at) text += set[i];
  }
  return text;
}

std::string legend(const Set& set) {
  std::string line = "wall time in seconds:";
  for (std::size_t i = 0; i < set.size(); ++i) {
    line += fmt::format(" {} {}", set[i], wall_parts()[i].name);
  }
  return line + '\n';
}

}  // namespace

Glyphs glyphs_of(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = environment.variable(name);
    if (!value || value->empty()) continue;
    const std::string locale = fold_case(*value);
    const bool is_utf8 = locale.find("utf-8") != locale.npos || locale.find("utf8") != locale.npos;
    return is_utf8 ? Glyphs::blocks : Glyphs::ascii;
  }
  return Glyphs::ascii;
}

std::string bar_chart(std::span<const Measure> measures, Glyphs glyphs) {
  Duration longest{};
  for (const Measure& measure : measures) longest = std::max(longest, measure.wall);
  std::string chart;
  for (const Measure& measure : measures) {
    chart += fmt::format("{:<10}{:>5} {} {}\n", name_of(measure.trial.way),
                         measure.trial.setting.concurrency, bar(measure, longest, set_of(glyphs)),
                         show_seconds(measure.wall));
  }
  return chart + legend(set_of(glyphs));
}

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
                     show(cost.users), show(cost.repositories), show(cost.requests),
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
          {"repos", measure.cost.repositories},
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
