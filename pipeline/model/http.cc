#include "pipeline/model/http.h"

#include <algorithm>

#include "pipeline/base/text.h"

namespace repopipe {
std::optional<std::string_view> Headers::find(std::string_view name) const {
  const auto field = std::ranges::find_if(
      fields_, [name](const auto& entry) { return equal_ignoring_case(entry.first, name); });
  if (field == fields_.end()) return std::nullopt;
  return field->second;
}

std::optional<std::string> Headers::combined(std::string_view name) const {
  std::optional<std::string> list;
  for (const auto& [each, value] : fields_) {
    if (!equal_ignoring_case(each, name)) continue;
    list = list ? *list + ", " + value : value;
  }
  return list;
}

}  // namespace repopipe
