// What was measured of one way at one concurrency, and the comparison of all of them: values that
// the reports tell.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/compare/trial.h"
#include "storage/query/run_cost.h"

namespace repopipe {

// From outside, of the program and all that it started: its workers too, if they were ours.
struct Measure {
  Trial trial;
  Duration wall{};  // from the start of the program to its end
  Duration cpu{};   // user and system
  Bytes memory{};   // the peak, shared pages counted once
  RunCost cost{};   // from inside, as the run itself wrote it down
};

struct Compared {
  std::string job;
  std::string version;  // of this program
  int processors = 1;   // of this machine
  int repeats = 1;      // of each, of which the best is in `measures`
  std::vector<Measure> measures;
  // Where a database was not like the first one, in words; empty: all are equal.
  std::vector<std::string> differences{};
};

inline double megabytes(Bytes bytes) {
  return static_cast<double>(bytes.count) / 1e6;
}

}  // namespace repopipe
