#include "stages/providers/github/github.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "pipeline/base/text.h"
#include "stages/parse/http_date.h"
#include "stages/parse/refusals.h"

namespace repopipe {
namespace {

// Media type and API version (GitHub docs: "Getting started with the REST API").
constexpr std::array<std::string_view, 2> kRequestHeaders{"Accept: application/vnd.github+json",
                                                          "X-GitHub-Api-Version: 2022-11-28"};

// GitHub docs, "Rate limits for the REST API", primary rate limits, and "Best practices for using
// the REST API", conditional requests.
constexpr HourlyQuota kQuota{.with_token = 5000, .without_token = 60, .not_modified_is_free = true};

// Managed users contain underscores; old accounts may end in a hyphen.
constexpr UsernameRule kUsername{.longest = 39,
                                 .marks = "-_",
                                 .words = "letters, digits, hyphens and underscores",
                                 .not_first = "-",
                                 .suffix = "[bot]",
                                 .host = "github.com"};

// GitHub docs, "Rate limits for the REST API": 100 concurrent requests, 900 points and 90 seconds
// of CPU time a minute.
constexpr LimitDefaults kLimits{
    .concurrent = 100, .requests_per_minute = 900, .response_seconds_per_minute = 90};

// GitHub docs, "Authenticating with SAML single sign-on".
std::string why_partial(const Response& response) {
  const std::string_view sso = response.headers.find("x-github-sso").value_or("");
  if (!sso.starts_with("partial-results")) return {};
  return fmt::format("X-GitHub-SSO: {}", printable(sso));
}

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

constexpr std::array<const Resource*, 2> kResources{&kGithubRepositories, &kGithubMembers};

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

constexpr Provider kGithub{.kind = "github",
                           .default_url = "https://api.github.com",
                           .account_by_id = "/user/{id}",
                           .account = "/users/{login}",
                           .probe = "/rate_limit",
                           .token_owner = "/user",
                           .headers = kRequestHeaders,
                           .token_scopes = "x-oauth-scopes",
                           .username = kUsername,
                           .limits = kLimits,
                           .quota = kQuota,
                           .rate_limits = github_rate_limits,
                           .error = github_refusal,
                           .partial = why_partial,
                           .resources = kResources};

}  // namespace repopipe
