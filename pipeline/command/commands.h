// Prints what is wrong with a job.
#pragma once

#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"
#include "pipeline/base/units.h"
#include "pipeline/command/command_line.h"
#include "pipeline/command/signals.h"
#include "pipeline/job/diagnostics.h"
#include "pipeline/job/load.h"

namespace repopipe {
// One line each, on stderr, in the form that editors jump to.
ExitCode print_diagnostics(const std::vector<Diagnostic>& diagnostics);

// Those of a job that cannot be loaded.
ExitCode print_diagnostics(const LoadedJob& loaded);

// What the commands do.  Each prints its outcome and returns the program's exit code.

// The process around a command; all of it outlives the command.
struct ProcessContext {
  const Environment& environment;
  const Clock& clock;
  SignalWatch& signals;
  Time start;  // when the program began
};

ExitCode run(const RunOptions& options, const ProcessContext& around);
ExitCode check(const CheckOptions& options, const ProcessContext& around);
ExitCode worker(const WorkerOptions& options, const ProcessContext& around);
ExitCode merge(const MergeOptions& options);
ExitCode compare(const CompareOptions& options, const ProcessContext& around);

}  // namespace repopipe
