#include "pipeline/model/http.h"

#include <algorithm>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

// An API sends some 25 fields of some 40 bytes.
constexpr std::size_t kUsualFields = 32;
constexpr std::size_t kUsualBytes = 2048;

}  // namespace

void Headers::add(std::string_view name, std::string_view value) {
  if (fields_.empty()) {
    fields_.reserve(kUsualFields);
    text_.reserve(kUsualBytes);
  }
  fields_.push_back({text_.size(), name.size(), value.size()});
  text_.append(name).append(value);
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  const auto field = std::ranges::find_if(
      fields_, [&](const Field& each) { return equal_ignoring_case(name_of(each), name); });
  if (field == fields_.end()) return std::nullopt;
  return value_of(*field);
}

std::optional<std::string> Headers::combined(std::string_view name) const {
  std::optional<std::string> list;
  for (const Field& field : fields_) {
    if (!equal_ignoring_case(name_of(field), name)) continue;
    list = list ? *list + ", " : std::string();
    list->append(value_of(field));
  }
  return list;
}

}  // namespace repopipe
