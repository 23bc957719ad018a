// What a job's settings mean for the parts of a run.
#pragma once

#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/job/job.h"
#include "pipeline/plan/plan.h"

namespace repopipe {

// `before` is what an interrupted part of the run has settled; `start` is when this part began.
PlanOptions plan_options(const Job& job, std::vector<Principal> principals, const RunTotals& before,
                         Time start);

}  // namespace repopipe
