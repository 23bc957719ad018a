// The main function of a worker process (`execution.processes`): reads tasks from its socket,
// fetches and parses, and sends results until the run closes the socket.
#pragma once

#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"

namespace repopipe {

// `socket`: the connection to the run.  Ends the process at once when the run closes it.  Returns
// only if a message or the settings are invalid.
ExitCode work_for_run(int socket, std::string_view version, const Clock& clock);

}  // namespace repopipe
