#include "stages/providers/github/github_refusals.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/text.h"
#include "stages/parse/api_message.h"
#include "stages/providers/github/github_limits.h"

namespace repopipe {
namespace {

using enum FailureKind;

// Enough to find any of the words in; an outage page may be large.
constexpr std::size_t kLookedAt = 4096;
constexpr std::size_t kLongestUrl = 300;

bool says(std::string_view body, std::string_view words) {
  const std::string folded = fold_case(body.substr(0, kLookedAt));
  return folded.find(words) != std::string::npos;
}

// "HTTP 403: Resource not accessible", with what the API itself says, or else with `otherwise`.
std::string told(const Reply& reply, std::string_view body, std::string_view otherwise) {
  const auto message = api_message(body);
  const std::string_view why = message && !message->empty() ? *message : otherwise;
  return why.empty() ? fmt::format("HTTP {}", reply.status)
                     : fmt::format("HTTP {}: {}", reply.status, why);
}

// A proxy, a load balancer or a web server that knows no API.  It says nothing of any account.
Refusal not_the_api(const Reply& reply) {
  return {{malformed, fmt::format("HTTP {}, and not from the API: is provider.base_url right, "
                                  "or is a proxy in the way?",
                                  reply.status)},
          retry_after(reply)};
}

Refusal bad_login(const Reply& reply, std::string_view body) {
  if (says(body, "bad credentials")) return {{bad_token, "HTTP 401: Bad credentials"}};
  if (is_foreign(body)) return not_the_api(reply);
  return {{unauthorized, told(reply, body, "")}};
}

// The quota's own end, and a second for clocks that are not quite alike.
std::optional<Duration> until_reset(const Reply& reply) {
  const auto quota = github_signals(reply).quota;
  const auto asked = retry_after(reply);
  if (!quota) return asked;
  return std::max(quota->resets_in + std::chrono::seconds(1), asked.value_or(Duration{}));
}

// Where a token can be authorised for an organisation (GitHub docs, "Authenticating with SAML
// single sign-on"): "required; url=https://...".
std::string with_sign_on(const Reply& reply, std::string text) {
  constexpr std::string_view kUrl = "url=";
  const std::string_view sso = reply.headers.find("x-github-sso").value_or("");
  const std::size_t at = sso.find(kUrl);
  if (!sso.starts_with("required") || at == std::string_view::npos) return text;
  return fmt::format("{}; authorise the token at {}", text,
                     printable(sso.substr(at + kUrl.size()), kLongestUrl));
}

// A reply can speak of both limits; the secondary one is the stricter, and the quota is known from
// the headers anyway.
Refusal forbidden(const Reply& reply, std::string_view body) {
  const bool is_secondary = says(body, "secondary rate limit") || says(body, "abuse");
  const auto asked = retry_after(reply);
  const auto remaining = reply.headers.find("x-ratelimit-remaining");
  if (is_secondary) return {{throttled, told(reply, body, "secondary rate limit")}, asked};
  if ((remaining && *remaining == "0") || says(body, "api rate limit exceeded")) {
    return {{rate_limited, told(reply, body, "the quota is used up")}, until_reset(reply)};
  }
  // A time that nobody can read is a limit all the same.
  if (reply.headers.find("retry-after") || reply.status == 429) {
    return {{throttled, told(reply, body, "too many requests")}, asked};
  }
  if (!api_message(body)) return not_the_api(reply);
  return {{blocked, with_sign_on(reply, told(reply, body, "access is forbidden"))}};
}

Refusal unavailable_by_law(const Reply& reply, std::string_view body) {
  if (is_foreign(body)) return not_the_api(reply);
  return {{blocked, says(body, "dmca") ? told(reply, body, "blocked") + " (a DMCA notice)"
                                       : told(reply, body, "blocked by law")}};
}

// 400 and 410: the version of the API, or the account.
Refusal gone(const Reply& reply, std::string_view body) {
  if (is_foreign(body)) return not_the_api(reply);
  if (says(body, "version") || says(body, "deprecated") || says(body, "sunset")) {
    return {{retired, fmt::format("HTTP {}: the API no longer serves version 2022-11-28; update "
                                  "repopipe",
                                  reply.status)}};
  }
  if (reply.status == 400) return {{unexpected_status, told(reply, body, "unexpected reply")}};
  if (!api_message(body)) return not_the_api(reply);
  return {{not_found, told(reply, body, "the account is gone")}};
}

Refusal missing(const Reply& reply, std::string_view body) {
  if (!api_message(body)) return not_the_api(reply);
  return {{not_found, told(reply, body, "") + ": no such account, or not visible"}};
}

}  // namespace

Refusal github_refusal(const Reply& reply, std::string_view body) {
  switch (reply.status) {
    case 400:
    case 410:
      return gone(reply, body);
    case 401:
      return bad_login(reply, body);
    case 403:
    case 429:
      return forbidden(reply, body);
    case 404:
      return missing(reply, body);
    case 408:
    case 425:
      return {{server_error, told(reply, body, "")}, retry_after(reply)};
    case 451:
      return unavailable_by_law(reply, body);
    default:
      break;
  }
  if (reply.status >= 500 && reply.status < 600) {
    return {{server_error, told(reply, body, "")}, retry_after(reply)};
  }
  if (reply.status >= 300 && reply.status < 500) {
    if (is_foreign(body)) return not_the_api(reply);
    return {{unexpected_status, told(reply, body, "unexpected reply")}};
  }
  return {{malformed, told(reply, body, "unexpected reply")}};
}

}  // namespace repopipe
