// Creates the components of a run from the job, and runs it.
#pragma once

#include "pipeline/base/failure.h"
#include "pipeline/command/commands.h"
#include "pipeline/command/run/run_outputs.h"
#include "pipeline/job/load.h"
#include "pipeline/report/progress.h"
#include "pipeline/report/summary.h"

namespace repopipe {

enum class ProgressShown { no, yes };

// What is printed and told during a run.
struct RunView {
  ProgressShown progress;
  Verbosity verbosity;
  RunOutputs& outputs;
};

// A failure means that the run did not start.  A run that started returns a summary, also if it
// failed.
Result<Summary> run_job(const LoadedJob& loaded, const RunOptions& options, const RunView& view,
                        const ProcessContext& around);

}  // namespace repopipe
