// Runs the command of a `cmd:` reference: in a process group of its own, with the signals as a
// shell has them, for a limited time, and never longer than this process lives.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "pipeline/base/failure.h"

namespace repopipe {

// Its standard output, of at most 64 KiB.  All of it counts as secret from then on.  Its standard
// error is said without secrets once it has ended.  A failure is of kind `no_token` and tells how
// the command ended, not what it was.  `slow` is called when it has taken some seconds.
Result<std::string> run_token_command(const std::string& command, std::chrono::milliseconds within,
                                      const std::function<void()>& slow);

}  // namespace repopipe
