#include "pipeline/compare/table.h"

#include <fmt/format.h>

#include <iterator>

#include "pipeline/compare/words.h"

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

}  // namespace repopipe
