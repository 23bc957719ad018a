// The Link header (RFC 8288), as far as paging needs it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

// The target of the first link with that relation, as in the angle brackets.
std::optional<std::string_view> find_link(std::string_view header, std::string_view relation);

// The value of a query parameter; nothing: it is missing or not a number from 1.
std::optional<int> query_number(std::string_view target, std::string_view name);

// `target` with that query parameter set to `number`, or added.
std::string with_query_number(std::string_view target, std::string_view name, int number);

}  // namespace repopipe
