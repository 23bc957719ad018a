// Injected failures.  Which request of which URL fails, and how, follows from the seed. Used by
// Rules.  Threading: one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "tests/simulator/fault_kinds.h"

namespace repopipe::simulator {

// Percentages.  The first three are shares of URLs whose first request fails; the others are shares
// of requests.
struct FaultRates {
  double server_error_percent = 0;
  double reset_percent = 0;
  double unauthorized_percent = 0;
  double any_percent = 0;                            // of a random kind of kFaultKinds
  std::array<double, kFaultKinds.size()> percent{};  // of that kind
  int streak = 2;                                    // maximum of consecutive failures of a URL

  double of_urls() const;
  double of_requests() const;
};

class Faults {
 public:
  Faults(std::uint64_t seed, const FaultRates& rates);

  // The failure of this request.  401 and 404 are not repeated within a streak, because clients
  // rightly believe two of them.
  Fault next(std::string_view target);

 private:
  struct Past {
    std::uint64_t requests = 0;
    int streak = 0;
    bool unauthorized = false, missing = false;  // in this streak
  };
  Fault first(std::uint64_t url) const;
  Fault any(std::uint64_t draw) const;

  std::uint64_t seed_;
  FaultRates rates_;
  double of_urls_, of_requests_;
  std::unordered_map<std::uint64_t, Past> past_;  // by hash of the URL
};

}  // namespace repopipe::simulator
