// What a job's settings mean for the parts of a run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipeline/core/clock.h"
#include "pipeline/core/seams.h"
#include "pipeline/job/job.h"
#include "pipeline/plan.h"
#include "stages/provider.h"

namespace repopipe {

int parse_concurrency(const Job& job);

// `clock` must outlive the engine.
std::unique_ptr<FetchEngine> make_engine(const Job& job, const ProviderEntry& provider,
                                         std::vector<std::string> tokens, const Clock& clock);

// `before` is what an interrupted part of the run has settled; `start` is when this part began.
PlanOptions plan_options(const Job& job, std::vector<Principal> principals, const RunTotals& before,
                         Time start);

}  // namespace repopipe
