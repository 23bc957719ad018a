#include "tests/simulator/quota.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "tests/simulator/random.h"

namespace repopipe::simulator {

std::string principal_of(std::string_view authorization) {
  if (authorization.empty()) return "anonymous";
  const std::uint64_t hash = mix(std::hash<std::string_view>{}(authorization));
  return fmt::format("{:08x}", hash & 0xffffffff);
}

QuotaFigures Quota::charge(const std::string& principal, std::uint64_t cost,
                           std::chrono::sys_seconds now) {
  Window& window = windows_[principal];
  if (now >= window.reset) window = {.reset = now + std::chrono::hours(1)};
  window.used = std::min(window.used + cost, kAnnounced);
  return {.limit = kAnnounced,
          .remaining = kAnnounced - window.used,
          .used = window.used,
          .reset = window.reset};
}

}  // namespace repopipe::simulator
