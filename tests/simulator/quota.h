// Rate-limit figures per principal.  They are announced and counted, not enforced.
// Threading: one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace repopipe::simulator {

// "anonymous", or eight hexadecimal digits that stand for the value of the Authorization header.
std::string principal_of(std::string_view authorization);

struct QuotaFigures {
  std::uint64_t limit = 0, remaining = 0, used = 0;
  std::chrono::sys_seconds reset;
};

class Quota {
 public:
  // Far above GitHub's 60 and 5,000: a client that reads the figures must not stop for a limit that
  // is not there.
  static constexpr std::uint64_t kAnnounced = 10'000'000;

  // Counts `cost` requests of the principal; its window of an hour begins with its first request.
  QuotaFigures charge(const std::string& principal, std::uint64_t cost,
                      std::chrono::sys_seconds now);

 private:
  struct Window {
    std::chrono::sys_seconds reset;
    std::uint64_t used = 0;
  };
  std::unordered_map<std::string, Window> windows_;
};

}  // namespace repopipe::simulator
