#include "stages/providers/github_refusals.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/core/text.h"
#include "stages/providers/github_limits.h"

namespace repopipe {
namespace {

using enum FailureKind;

// Enough to find any of the words in; an outage page may be large.
constexpr std::size_t kLookedAt = 4096;

bool says(std::string_view body, std::string_view words) {
  const std::string folded = fold_case(body.substr(0, kLookedAt));
  return folded.find(words) != std::string::npos;
}

Refusal bad_login(std::string_view body) {
  if (says(body, "bad credentials")) return {{bad_token, "HTTP 401: Bad credentials"}};
  return {{unauthorized, "HTTP 401"}};
}

// The quota's own end, and a second for clocks that are not quite alike.
std::optional<Duration> until_reset(const Reply& reply) {
  const auto quota = github_signals(reply).quota;
  const auto asked = retry_after(reply);
  if (!quota) return asked;
  return std::max(quota->resets_in + std::chrono::seconds(1), asked.value_or(Duration{}));
}

// A reply can speak of both limits; the secondary one is the stricter, and the quota is known from
// the headers anyway.
Refusal forbidden(const Reply& reply, std::string_view body) {
  const bool is_secondary = says(body, "secondary rate limit") || says(body, "abuse");
  const auto asked = retry_after(reply);
  const auto remaining = reply.headers.find("x-ratelimit-remaining");
  const std::string status = fmt::format("HTTP {}", reply.status);
  if (is_secondary) return {{throttled, status + ": secondary rate limit"}, asked};
  if ((remaining && *remaining == "0") || says(body, "api rate limit exceeded")) {
    return {{rate_limited, status + ": the quota is used up"}, until_reset(reply)};
  }
  // A time that nobody can read is a limit all the same.
  if (reply.headers.find("retry-after") || reply.status == 429) {
    return {{throttled, status + ": too many requests"}, asked};
  }
  if (says(body, "suspended")) return {{blocked, status + ": the account is suspended"}};
  return {{blocked, status + ": access is forbidden"}};
}

Refusal unavailable_by_law(std::string_view body) {
  const bool is_dmca = says(body, "dmca");
  return {
      {blocked, is_dmca ? "HTTP 451: blocked after a DMCA notice" : "HTTP 451: blocked by law"}};
}

Refusal gone(const Reply& reply, std::string_view body) {
  const std::string status = fmt::format("HTTP {}", reply.status);
  const bool is_html = trim(body).starts_with('<');  // no word of the API
  if (!is_html && (says(body, "version") || says(body, "deprecated") || says(body, "sunset"))) {
    return {{retired, status + ": the API no longer serves version 2022-11-28; update repopipe"}};
  }
  if (reply.status == 410) return {{not_found, status + ": the account is gone"}};
  return {{unexpected_status, "unexpected reply, " + status}};
}

}  // namespace

Refusal github_refusal(const Reply& reply, std::string_view body) {
  switch (reply.status) {
    case 400:
    case 410:
      return gone(reply, body);
    case 401:
      return bad_login(body);
    case 403:
    case 429:
      return forbidden(reply, body);
    case 404:
      return {{not_found, "HTTP 404: no such account, or not visible"}};
    case 408:
    case 425:
      return {{server_error, fmt::format("HTTP {}", reply.status)}, retry_after(reply)};
    case 451:
      return unavailable_by_law(body);
    default:
      break;
  }
  if (reply.status >= 500 && reply.status < 600) {
    return {{server_error, fmt::format("HTTP {}", reply.status)}, retry_after(reply)};
  }
  if (reply.status >= 300 && reply.status < 500) {
    return {{unexpected_status, fmt::format("unexpected reply, HTTP {}", reply.status)}};
  }
  return {{malformed, fmt::format("unexpected reply, HTTP {}", reply.status)}};
}

}  // namespace repopipe
