// What a run cost, as its database tells: what the wall time went to, and how many requests were
// under way at once.  Used by `repopipe compare`.
#pragma once

#include <cstdint>
#include <filesystem>

#include "pipeline/base/failure.h"
#include "pipeline/model/run.h"

namespace repopipe {

struct RunCost {
  RunTimes times{};
  std::uint64_t users = 0;         // settled, whatever came of them
  std::uint64_t repositories = 0;  // in their lists
  std::uint64_t requests = 0;
  // On average, while any was (J. D. C. Little, "A Proof for the Queuing Formula L = lambda W",
  // Operations Research 9, 1961): the sum of their times by the time with any under way.
  double in_flight = 0;
};

// Of the newest run in the file, which must have ended.
Result<RunCost> run_cost(const std::filesystem::path& path);

}  // namespace repopipe
