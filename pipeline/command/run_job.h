// Puts the parts of a run together, by the job, and lets it run.
#pragma once

#include "pipeline/base/failure.h"
#include "pipeline/command/commands.h"
#include "pipeline/job/load.h"
#include "pipeline/report/progress.h"
#include "pipeline/report/summary.h"

namespace repopipe {

enum class ProgressShown { no, yes };

// What people see of a run while it goes on.
struct RunView {
  ProgressShown progress = ProgressShown::no;
  Verbosity verbosity = Verbosity::all;
};

// A failure means that the run did not begin.  One that began ends in a summary, however it went.
Result<Summary> run_job(const LoadedJob& loaded, const RunOptions& options, const RunView& view,
                        const ProcessContext& around);

}  // namespace repopipe
