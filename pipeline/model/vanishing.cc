#include "pipeline/model/vanishing.h"

#include <fmt/format.h>

#include "pipeline/base/units.h"

namespace repopipe {
namespace {

constexpr std::uint64_t kFewMissing = 20;

}  // namespace

std::optional<std::string> too_many_vanished(const Vanishing& vanishing, double most) {
  const auto& [noun, known, missing] = vanishing;
  const auto allowed = most * static_cast<double>(known);
  const bool is_none_left = missing > 0 && missing >= known;
  const bool is_many = missing >= kFewMissing && static_cast<double>(missing) > allowed;
  if (most >= 1 || (!is_none_left && !is_many)) return std::nullopt;
  return fmt::format(
      "{} of {} known {} are gone, more than run.max_vanished allows; none was "
      "marked as gone",
      show(missing), show(known), noun);
}

}  // namespace repopipe
