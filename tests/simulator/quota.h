// The primary rate limit: requests per owner and window.  Always announced and counted, enforced
// only if a limit is set.  Used by Answerer.  Threading: one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tests/simulator/response.h"
#include "tests/simulator/wait.h"

namespace repopipe::simulator {

// "anonymous", or eight hexadecimal digits for the value of Authorization.
std::string principal_of(std::string_view authorization);

struct QuotaSettings {
  std::uint64_t limit = 0;  // 0: not enforced
  std::chrono::microseconds window = std::chrono::hours(1);
};

struct QuotaFigures {
  std::uint64_t limit = 0, remaining = 0, used = 0;
  Moment ends{};                     // of the window
  std::chrono::sys_seconds reset{};  // as announced: `ends` rounded up
};

class Quota {
 public:
  // Far above GitHub's 60 and 5,000, so that a client does not wait for a limit that is not
  // enforced.
  static constexpr std::uint64_t kAnnounced = 10'000'000;

  explicit Quota(const QuotaSettings& settings = {});

  // Counts `cost` requests of the owner; the window begins with the first request.
  QuotaFigures charge(const std::string& owner, std::uint64_t cost, Moment now);

  // Whether the owner has used up the quota of this window.
  bool spent(const std::string& owner, Moment now) const;

 private:
  struct Window {
    Moment ends{};
    std::uint64_t used = 0;
  };
  QuotaSettings settings_;
  std::uint64_t limit_;
  std::unordered_map<std::string, Window> windows_;
};

// GitHub's response beyond the limit: 403, or 429 for every second value of Authorization, without
// the headers of the quota.
Response over_quota(std::string_view authorization, std::uint64_t owner_id,
                    const QuotaFigures& figures);

}  // namespace repopipe::simulator
