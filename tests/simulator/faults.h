// Failures on purpose: of the URLs, a share fails on its first request and works from then on.
// Threading: one thread at a time.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "tests/simulator/fault_kinds.h"

namespace repopipe::simulator {

struct FaultRates {
  double server_error_percent = 0;
  double reset_percent = 0;
};

class Faults {
 public:
  Faults(std::uint64_t seed, const FaultRates& rates) : seed_(seed), rates_(rates) {}

  // What is to happen to this request.  Which URLs are hit depends on the seed alone.
  Fault next(std::string_view target);

 private:
  std::uint64_t seed_;
  FaultRates rates_;
  std::unordered_set<std::uint64_t> spent_;  // hashes of the URLs that have failed
};

}  // namespace repopipe::simulator
