// Classifies GitHub's error responses: the kind of failure and the wait.  One function per group of
// statuses; tests/stages/providers/github/github_deck_refusals.cc has a test for each.
#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/text.h"
#include "stages/parse/refusals.h"
#include "stages/providers/github/github.h"

namespace repopipe {
namespace {

using enum FailureKind;

constexpr std::size_t kLongestUrl = 300;

Refusal bad_login(const Response& response, const ErrorBody& body) {
  if (says(body, "bad credentials")) return {{bad_token, "HTTP 401: Bad credentials"}};
  if (is_foreign(body)) return not_the_api(response);
  return {{unauthorized, told(response, body, "")}};
}

// Until the quota is reset, plus a second for clock differences.
std::optional<Duration> until_reset(const Response& response) {
  const auto quota = github_rate_limits(response).quota;
  const auto asked = retry_after(response);
  if (!quota) return asked;
  return std::max(quota->resets_in + std::chrono::seconds(1), asked.value_or(Duration{}));
}

// Adds the address where the token can be authorised for an organisation (GitHub docs,
// "Authenticating with SAML single sign-on"): "required; url=https://...".
std::string with_sign_on(const Response& response, std::string text) {
  constexpr std::string_view kUrl = "url=";
  const std::string_view sso = response.headers.find("x-github-sso").value_or("");
  const std::size_t at = sso.find(kUrl);
  if (!sso.starts_with("required") || at == std::string_view::npos) return text;
  return fmt::format("{}; authorise the token at {}", text,
                     printable(sso.substr(at + kUrl.size()), kLongestUrl));
}

// A response can mention both limits.  The secondary one has priority; the quota is known from the
// headers.
Refusal forbidden(const Response& response, const ErrorBody& body) {
  const bool is_secondary = says(body, "secondary rate limit") || says(body, "abuse");
  const auto asked = retry_after(response);
  const auto remaining = response.headers.find("x-ratelimit-remaining");
  if (is_secondary) return {{throttled, told(response, body, "secondary rate limit")}, asked};
  if ((remaining && *remaining == "0") || says(body, "api rate limit exceeded")) {
    return {{rate_limited, told(response, body, "the quota is used up")}, until_reset(response)};
  }
  // An unreadable Retry-After is a rate limit too.
  if (response.headers.find("retry-after") || response.status == 429) {
    return {{throttled, told(response, body, "too many requests")}, asked};
  }
  if (!body.message) return not_the_api(response);
  return {{blocked, with_sign_on(response, told(response, body, "access is forbidden"))}};
}

Refusal unavailable_by_law(const Response& response, const ErrorBody& body) {
  if (is_foreign(body)) return not_the_api(response);
  return {{blocked, says(body, "dmca") ? told(response, body, "blocked") + " (a DMCA notice)"
                                       : told(response, body, "blocked by law")}};
}

// 400 and 410: about the version of the API, or about the account.
Refusal gone(const Response& response, const ErrorBody& body) {
  if (is_foreign(body)) return not_the_api(response);
  if (says(body, "version") || says(body, "deprecated") || says(body, "sunset")) {
    return {{retired, fmt::format("HTTP {}: the API no longer serves version 2022-11-28; update "
                                  "repopipe",
                                  response.status)}};
  }
  if (response.status == 400)
    return {{unexpected_status, told(response, body, "unexpected response")}};
  if (!body.message) return not_the_api(response);
  return {{not_found, told(response, body, "the account is gone")}};
}

Refusal missing(const Response& response, const ErrorBody& body) {
  if (!body.message) return not_the_api(response);
  return {{not_found, told(response, body, "") + ": no such account, or not visible"}};
}

}  // namespace

Refusal github_refusal(const Response& response, const ErrorBody& body) {
  switch (response.status) {
    case 200:
    case 203:  // with HTML
      return not_the_api(response);
    case 400:
    case 410:
      return gone(response, body);
    case 401:
      return bad_login(response, body);
    case 403:
    case 429:
      return forbidden(response, body);
    case 404:
      return missing(response, body);
    case 408:
    case 425:
      return {{server_error, told(response, body, "")}, retry_after(response)};
    case 451:
      return unavailable_by_law(response, body);
    default:
      break;
  }
  if (response.status >= 500 && response.status < 600) {
    return {{server_error, told(response, body, "")}, retry_after(response)};
  }
  if (response.status >= 300 && response.status < 500) {
    if (is_foreign(body)) return not_the_api(response);
    return {{unexpected_status, told(response, body, "unexpected response")}};
  }
  return {{malformed, told(response, body, "unexpected response")}};
}

}  // namespace repopipe
