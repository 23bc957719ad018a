#include "pipeline/core/headers.h"

#include <algorithm>

#include "pipeline/core/text.h"

namespace repopipe {

std::optional<std::string_view> Headers::find(std::string_view name) const {
  const auto field = std::ranges::find_if(
      fields_, [name](const auto& entry) { return equal_ignoring_case(entry.first, name); });
  if (field == fields_.end()) return std::nullopt;
  return field->second;
}

}  // namespace repopipe
