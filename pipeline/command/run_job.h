// Puts the parts of a run together, by the job, and lets it run.
#pragma once

#include "pipeline/command/commands.h"
#include "pipeline/command/summary.h"
#include "pipeline/core/result.h"
#include "pipeline/job/load.h"

namespace repopipe {

enum class ProgressShown { no, yes };

// A failure means that the run did not begin.  One that began ends in a summary, however it went.
Result<Summary> run_job(const LoadedJob& loaded, const RunOptions& options, ProgressShown progress,
                        const Surroundings& around);

}  // namespace repopipe
