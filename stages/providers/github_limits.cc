#include "stages/providers/github_limits.h"

#include <algorithm>
#include <chrono>

#include "stages/http_date.h"

namespace repopipe {
namespace {

// A date can be thousands of years away; longer than any run is long enough.
constexpr std::chrono::seconds kLongest{100'000'000'000};

std::optional<std::chrono::seconds> number_of(const Reply& reply, std::string_view name) {
  const auto header = reply.headers.find(name);
  return header ? parse_seconds(*header) : std::nullopt;
}

// Now, by the server's clock where it tells: what it says of times was counted with that one.
std::chrono::sys_seconds server_time(const Reply& reply) {
  const auto header = reply.headers.find("date");
  const auto date = header ? parse_http_date(*header) : std::nullopt;
  return date.value_or(std::chrono::floor<std::chrono::seconds>(reply.received_at));
}

std::optional<Quota> quota_of(const Reply& reply) {
  const auto remaining = number_of(reply, "x-ratelimit-remaining");
  const auto reset = number_of(reply, "x-ratelimit-reset");
  if (!remaining || !reset) return std::nullopt;
  const auto limit = number_of(reply, "x-ratelimit-limit").value_or(*remaining);
  const auto left = std::chrono::sys_seconds(*reset) - server_time(reply);
  return Quota{.limit = static_cast<std::uint64_t>(limit.count()),
               .remaining = static_cast<std::uint64_t>(remaining->count()),
               .window = reset->count(),
               .resets_in = std::clamp(left, std::chrono::seconds(0), kLongest)};
}

}  // namespace

Signals github_signals(const Reply& reply) {
  Signals signals;
  signals.quota = quota_of(reply);
  const auto expiration = reply.headers.find("github-authentication-token-expiration");
  const auto end = expiration ? parse_timestamp(*expiration) : std::nullopt;
  if (end) signals.token_ends_in = *end - server_time(reply);
  return signals;
}

std::optional<Duration> retry_after(const Reply& reply) {
  const auto header = reply.headers.find("retry-after");
  if (!header) return std::nullopt;
  std::optional<std::chrono::seconds> wait = parse_seconds(*header);
  if (const auto date = parse_http_date(*header)) wait = *date - server_time(reply);
  if (!wait) return std::nullopt;
  return std::clamp(*wait, std::chrono::seconds(1), kLongest);
}

}  // namespace repopipe
