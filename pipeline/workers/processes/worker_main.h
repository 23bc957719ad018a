// The life of a worker process (`execution.processes`): it takes tasks from its socket, fetches
// and parses, and sends task results back, until the run at the other end is gone.
#pragma once

#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"

namespace repopipe {

// `socket`: the line to the run.  Ends the process the moment the other end hangs up, whatever is
// under way; returns only when what comes cannot be right, or the settings are of no use.
ExitCode work_for_run(int socket, std::string_view version, const Clock& clock);

}  // namespace repopipe
