// Times as HTTP headers tell them.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace repopipe {

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7; of its forms the one that is still
// made).
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

// "2026-12-01 10:00:00 UTC" or with "+0200": what GitHub tells of a token's end.
std::optional<std::chrono::sys_seconds> parse_timestamp(std::string_view text);

// A whole number of seconds, zero or more; above 10^11 it counts as 10^11.
std::optional<std::chrono::seconds> parse_seconds(std::string_view text);

}  // namespace repopipe
