// Prints what is wrong with a job.
#pragma once

#include <vector>

#include "pipeline/base/exit_code.h"
#include "pipeline/job/problem.h"

namespace repopipe {

// One line each, on stderr, in the form that editors jump to.
ExitCode print_problems(const std::vector<Problem>& problems);

}  // namespace repopipe
