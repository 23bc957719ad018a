// What a run needs of its surroundings, beyond what loading a job checks.
#pragma once

#include <vector>

#include "pipeline/base/system.h"
#include "pipeline/job/load.h"

namespace repopipe {

// Looks only: opens no database, runs no command, creates nothing.
std::vector<Diagnostic> check_surroundings(const LoadedJob& loaded, const Environment& environment);

}  // namespace repopipe
