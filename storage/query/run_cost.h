// The cost of a run, from its database: times, and the average number of requests in flight.  Used
// by `repopipe compare`.
#pragma once

#include <cstdint>
#include <filesystem>

#include "pipeline/base/failure.h"
#include "pipeline/model/run.h"

namespace repopipe {

struct RunCost {
  RunTimes times{};
  std::uint64_t users = 0;         // settled, with any outcome
  std::uint64_t repositories = 0;  // in their lists
  std::uint64_t requests = 0;
  // The average while there was any: the sum of the times of all requests, divided by the time with
  // at least one request in flight (J. D. C. Little, "A Proof for the Queuing Formula L = lambda
  // W", Operations Research 9, 1961).
  double in_flight = 0;
};

// Of the newest run in the file, which must have ended.
Result<RunCost> run_cost(const std::filesystem::path& path);

}  // namespace repopipe
