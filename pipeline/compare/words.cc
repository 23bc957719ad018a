#include "pipeline/compare/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace repopipe {
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
  // What rounding down leaves goes to those that lost most by it.
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
