// Times in HTTP headers and JSON.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7; without the obsolete forms).
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

// "2026-12-01 10:00:00 UTC" or with "+0200": GitHub's form for the expiry of a token.
std::optional<std::chrono::sys_seconds> parse_timestamp(std::string_view text);

// "2022-04-06T02:32:09+08:00" (RFC 3339) as UTC, "2022-04-05T18:32:09Z".  Empty: it was never set
// (second 0 or year 1).  Nothing: it is not a time.
std::optional<std::string> to_utc(std::string_view text);

// A whole number of seconds from 0; above 10^11 it becomes 10^11.
std::optional<std::chrono::seconds> parse_seconds(std::string_view text);

}  // namespace repopipe
