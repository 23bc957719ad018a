// Prints what is wrong with a job.
#pragma once

#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/job/diagnostics.h"
#include "pipeline/job/load.h"

namespace repopipe {

// One line each, on stderr, in the form that editors jump to.
ExitCode print_diagnostics(const std::vector<Diagnostic>& diagnostics);

// Those of a job that cannot be loaded.
ExitCode print_diagnostics(const LoadedJob& loaded);

}  // namespace repopipe
