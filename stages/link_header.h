// The Link header (RFC 8288) as far as paging needs it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

// The target of the first link of that relation, as it stands between the angle brackets.
std::optional<std::string_view> find_link(std::string_view header, std::string_view relation);

// The part of `url` behind `base_url`, beginning with '/'; nothing when scheme, host or port differ
// or the path does not begin like the base's or climbs with "..".  Default ports and the case of
// the host do not matter; a fragment is left out, as no request has one.
std::optional<std::string> target_below(std::string_view base_url, std::string_view url);

// The value of a query parameter; nothing when it is missing or not a number from 1 on.
std::optional<int> query_number(std::string_view target, std::string_view name);

// `target` with its query parameter `page` set to another number, or given that number.
std::string with_page(std::string_view target, int page);

}  // namespace repopipe
