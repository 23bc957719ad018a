// Prints what is wrong with a job.
#pragma once

#include <vector>

#include "pipeline/base/exit_code.h"
#include "pipeline/job/load.h"
#include "pipeline/job/problem.h"

namespace repopipe {

// One line each, on stderr, in the form that editors jump to.
ExitCode print_problems(const std::vector<Problem>& problems);

// Those of a job that cannot be loaded.
ExitCode print_problems(const LoadedJob& loaded);

}  // namespace repopipe
