#include "stages/parse/refusals.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/text.h"
#include "stages/parse/http_date.h"

namespace repopipe {
namespace {

// Enough to find the words; an outage page may be large.
constexpr std::size_t kLookedAt = 4096;
// A later time is invalid: it is in milliseconds, or of a clock that was never set.
constexpr std::chrono::seconds kLongestPause = std::chrono::days(7);
constexpr std::chrono::seconds kLargestSkew = std::chrono::days(366);

bool is_near(std::chrono::seconds time, std::chrono::seconds longest) {
  return -longest <= time && time <= longest;
}

}  // namespace

bool says(const ErrorBody& body, std::string_view words) {
  const std::string folded = fold_case(body.text.substr(0, kLookedAt));
  return folded.find(words) != std::string::npos;
}

std::string told(const Response& response, const ErrorBody& body, std::string_view otherwise) {
  const bool has_message = body.message && !body.message->empty();
  const std::string_view why = has_message ? *body.message : otherwise;
  return why.empty() ? fmt::format("HTTP {}", response.status)
                     : fmt::format("HTTP {}: {}", response.status, why);
}

bool is_foreign(const ErrorBody& body) {
  return !trim(body.text).empty() && !body.message;
}

Refusal not_the_api(const Response& response) {
  return {{FailureKind::malformed, fmt::format("HTTP {}, not from the API: check provider.base_url "
                                               "and the proxies",
                                               response.status)},
          retry_after(response)};
}

std::chrono::sys_seconds server_time(const Response& response) {
  const auto header = response.headers.find("date");
  const auto date = header ? parse_http_date(*header) : std::nullopt;
  const auto here = std::chrono::floor<std::chrono::seconds>(response.received_at);
  return date && is_near(*date - here, kLargestSkew) ? *date : here;
}

std::optional<Duration> retry_after(const Response& response) {
  const auto header = response.headers.find("retry-after");
  if (!header) return std::nullopt;
  std::optional<std::chrono::seconds> wait = parse_seconds(*header);
  if (const auto date = parse_http_date(*header)) wait = *date - server_time(response);
  if (!wait || !is_near(*wait, kLongestPause)) return std::nullopt;
  return std::max(*wait, std::chrono::seconds(1));
}

}  // namespace repopipe
