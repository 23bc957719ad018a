#include "stages/providers/gitea/gitea.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "pipeline/base/text.h"
#include "stages/parse/refusals.h"

namespace repopipe {
namespace {

using enum FailureKind;

constexpr std::array<std::string_view, 1> kHeaders{"Accept: application/json"};

// Old accounts do not follow today's rules for the position of marks.
constexpr UsernameRule kUsername{
    .longest = 40, .marks = "-_.", .words = "letters, digits, hyphens, underscores and dots"};

// Servers have no rate limits; a record costs them several queries.
constexpr LimitDefaults kLimits{.concurrent = 4};

constexpr std::array<const Resource*, 1> kResources{&kGiteaRepositories};

RateLimitInfo no_rate_limits(const Response&) {
  return {};
}

bool is_html(const ErrorBody& body) {
  return trim(body.text).starts_with('<');
}

bool says_any(const ErrorBody& body, std::initializer_list<std::string_view> all) {
  return std::ranges::any_of(all, [&](std::string_view words) { return says(body, words); });
}

// The rate limit of a proxy, or its page that checks for browsers.  Without Retry-After, Plan waits
// one minute, then two.
Refusal limit_of_proxy(const Response& response) {
  return {{throttled, fmt::format("HTTP {} from a proxy of the server", response.status)},
          retry_after(response)};
}

// Forgejo repeats the token in the body, so the message contains nothing of it.
Refusal bad_login(const Response& response, const ErrorBody& body) {
  if (is_html(body)) return not_the_api(response);
  return {{bad_token, says_any(body, {"signed in", "token is required"})
                          ? "HTTP 401: the server requires a token"
                          : "HTTP 401: the token is not valid, or none was sent"}};
}

Refusal forbidden(const Response& response, const ErrorBody& body) {
  if (is_html(body) || response.headers.find("retry-after")) return limit_of_proxy(response);
  if (says_any(body, {"signed in", "sign in to"})) {
    return {{bad_token, "HTTP 403: the server requires a token"}};
  }
  if (says_any(body, {"scope"})) {
    return {{bad_token,
             "HTTP 403: the token lacks a scope; it needs read:user, read:repository and "
             "read:organization, and not public only"}};
  }
  if (says_any(body, {"not activated", "prohibited", "change your password", "change password",
                      "two-factor", "second factor", "otp"})) {
    return {{bad_token, told(response, body, "the token's account may not use the API")}};
  }
  return {{blocked, told(response, body, "access is forbidden")}};
}

Refusal server_trouble(const Response& response, const ErrorBody& body) {
  if (response.status == 503 && is_html(body)) return limit_of_proxy(response);
  return {{server_error,
           is_html(body) ? fmt::format("HTTP {}", response.status) : told(response, body, "")},
          retry_after(response)};
}

Refusal gitea_error(const Response& response, const ErrorBody& body) {
  switch (response.status) {
    case 200:
    case 203:  // with HTML
    case 429:
      return limit_of_proxy(response);
    case 401:
      return bad_login(response, body);
    case 403:
      return forbidden(response, body);
    case 404:  // JSON, or plain text
      if (is_html(body)) return not_the_api(response);
      return {{not_found, told(response, body, "") + ": no such account, or not visible"}};
    case 408:
    case 425:
      return {{server_error, told(response, body, "")}, retry_after(response)};
    default:
      break;
  }
  if (response.status >= 500 && response.status < 600) return server_trouble(response, body);
  if (is_html(body)) return not_the_api(response);
  if (response.status >= 300 && response.status < 500) {
    return {{unexpected_status, told(response, body, "unexpected response")}};
  }
  return {{malformed, told(response, body, "unexpected response")}};
}

}  // namespace

constexpr Provider kGitea{.kind = "gitea",
                          .example_url = "https://codeberg.org/api/v1",
                          .probe = "/version",
                          .token_owner = "/user",
                          .headers = kHeaders,
                          .ignores_wrong_tokens = true,
                          .username = kUsername,
                          .limits = kLimits,
                          .rate_limits = no_rate_limits,
                          .error = gitea_error,
                          .resources = kResources};

}  // namespace repopipe
