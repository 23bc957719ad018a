#include "pipeline/job/document/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace repopipe {
std::string Diagnostic::show() const {
  if (line == 0) return fmt::format("{}: {}", file, message);
  return fmt::format("{}:{}:{}: {}", file, line, column, message);
}

Place Diagnostics::add_place(std::string name) {
  places_.push_back(std::move(name));
  return static_cast<Place>(places_.size()) - 1;
}

void Diagnostics::add(Place place, Position at, std::string message) {
  found_.push_back({place, at, std::move(message)});
}

std::vector<Diagnostic> Diagnostics::take() {
  // A message without a line, such as "and 12 more", comes after those with one.
  const auto order = [](const Found& found) {
    const int line = found.at.line == 0 ? std::numeric_limits<int>::max() : found.at.line;
    return std::tuple(found.place, line, found.at.column);
  };
  std::ranges::stable_sort(found_, {}, order);
  std::vector<Diagnostic> diagnostics;
  diagnostics.reserve(found_.size());
  for (Found& found : std::exchange(found_, {})) {
    diagnostics.push_back({places_[static_cast<std::size_t>(found.place)], found.at.line,
                           found.at.column, std::move(found.message)});
  }
  return diagnostics;
}

}  // namespace repopipe
