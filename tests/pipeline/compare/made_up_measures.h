// Measures for the tests of the reports.
#pragma once

#include <vector>

#include "pipeline/compare/trial.h"

namespace repopipe {

// All of the time went to fetching; one processor of two was idle.
inline Measure measured(Way way, int concurrency, Duration wall, Bytes memory = {20'000'000}) {
  Measure measure{.trial = {way, {concurrency}}, .wall = wall, .cpu = wall / 10, .memory = memory};
  measure.cost.times.fetching = wall;
  measure.cost.in_flight = concurrency;
  measure.cost.users = 2000;
  measure.cost.repositories = 41'873;
  measure.cost.requests = 2140;
  return measure;
}

inline Compared compared_of(std::vector<Measure> measures) {
  return {.job = "nightly",
          .version = "0.1.0",
          .processors = 2,
          .repeats = 1,
          .measures = std::move(measures)};
}

}  // namespace repopipe
