// The header fields of one response, in the order they came.  Names are matched without regard to
// case (RFC 9110, section 5.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace repopipe {

class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

  void add(std::string_view name, std::string_view value) { fields_.emplace_back(name, value); }

  // The first field of that name.  The view lives as long as this object is unchanged.
  std::optional<std::string_view> find(std::string_view name) const;

  // All fields of that name as one list, joined by commas (RFC 9110, section 5.2).
  std::optional<std::string> combined(std::string_view name) const;

  std::size_t size() const { return fields_.size(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace repopipe
