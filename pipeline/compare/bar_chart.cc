#include "pipeline/compare/bar_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "pipeline/base/text.h"
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

}  // namespace repopipe
