#include "tests/simulator/quota.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "tests/simulator/random.h"

namespace repopipe::simulator {
namespace {

constexpr std::string_view kDocumentation =
    "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api";

std::uint64_t principal_hash(std::string_view authorization) {
  return mix(std::hash<std::string_view>{}(authorization));
}

}  // namespace

std::string principal_of(std::string_view authorization) {
  if (authorization.empty()) return "anonymous";
  return fmt::format("{:08x}", principal_hash(authorization) & 0xffffffff);
}

Quota::Quota(const QuotaSettings& settings)
    : settings_(settings), limit_(settings.limit == 0 ? kAnnounced : settings.limit) {}

QuotaFigures Quota::charge(const std::string& owner, std::uint64_t cost, Moment now) {
  Window& window = windows_[owner];
  if (now >= window.ends) window = {.ends = now + settings_.window};
  window.used = std::min(window.used + cost, limit_);
  return {.limit = limit_,
          .remaining = limit_ - window.used,
          .used = window.used,
          .ends = window.ends,
          .reset = std::chrono::ceil<std::chrono::seconds>(window.ends)};
}

bool Quota::spent(const std::string& owner, Moment now) const {
  if (settings_.limit == 0) return false;
  const auto found = windows_.find(owner);
  return found != windows_.end() && now < found->second.ends && found->second.used >= limit_;
}

Response over_quota(std::string_view authorization, std::uint64_t owner_id,
                    const QuotaFigures& figures) {
  const std::string message =
      authorization.empty()
          ? "API rate limit exceeded for 127.0.0.1. (But here's the good news: Authenticated "
            "requests get a higher rate limit. Check out the documentation for more details.)"
          : fmt::format("API rate limit exceeded for user ID {}.", owner_id);
  Response response = principal_hash(authorization) % 2 == 0
                          ? message_response(403, "rate limit exceeded", message, kDocumentation)
                          : message_response(429, "Too Many Requests", message, kDocumentation);
  response.wait = Wait{.kind = LimitKind::primary, .ends = figures.ends, .told = figures.reset};
  return response;
}

}  // namespace repopipe::simulator
