#include "stages/providers/github/github_limits.h"

#include <algorithm>
#include <chrono>

#include "stages/parse/http_date.h"
#include "stages/parse/refusals.h"

namespace repopipe {
namespace {

// A later time is invalid: it is in milliseconds, or of a clock that was never set.
constexpr std::chrono::seconds kLongestWait = std::chrono::days(7);
constexpr std::chrono::seconds kLongestLife = std::chrono::days(36'500);  // until a token expires

bool is_within(std::chrono::seconds time, std::chrono::seconds longest) {
  return -longest <= time && time <= longest;
}

std::optional<std::chrono::seconds> number_of(const Response& response, std::string_view name) {
  const auto header = response.headers.find(name);
  return header ? parse_seconds(*header) : std::nullopt;
}

std::optional<Quota> quota_of(const Response& response) {
  const auto remaining = number_of(response, "x-ratelimit-remaining");
  const auto reset = number_of(response, "x-ratelimit-reset");
  if (!remaining || !reset) return std::nullopt;
  const auto limit = number_of(response, "x-ratelimit-limit").value_or(*remaining);
  const auto left = std::chrono::sys_seconds(*reset) - server_time(response);
  if (!is_within(left, kLongestWait)) return std::nullopt;
  return Quota{.limit = static_cast<std::uint64_t>(limit.count()),
               .remaining = static_cast<std::uint64_t>(remaining->count()),
               .window = reset->count(),
               .resets_in = std::max(left, std::chrono::seconds(0))};
}

}  // namespace

RateLimitInfo github_rate_limits(const Response& response) {
  RateLimitInfo rate_limits;
  rate_limits.quota = quota_of(response);
  const auto expiration = response.headers.find("github-authentication-token-expiration");
  const auto end = expiration ? parse_timestamp(*expiration) : std::nullopt;
  const auto left = end ? std::optional(*end - server_time(response)) : std::nullopt;
  if (left && is_within(*left, kLongestLife)) rate_limits.token_ends_in = *left;
  return rate_limits;
}

}  // namespace repopipe
