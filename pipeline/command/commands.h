// What the commands do.  Each prints its outcome and returns the program's exit code.
#pragma once

#include "pipeline/base/system.h"
#include "pipeline/base/units.h"
#include "pipeline/command/command_line.h"
#include "pipeline/command/signals.h"

namespace repopipe {

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
