// Runs the command of a `cmd:` reference: in its own process group, with default signal handling,
// with a time limit, and never longer than this process lives.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "pipeline/base/failure.h"

namespace repopipe {

// Returns its standard output, at most 64 KiB; all of it is added to the secrets.  Its standard
// error is printed with secrets masked after it has ended.  A failure is of kind `no_token`; the
// message says how the command ended and does not contain it.  `slow` is called after some seconds.
Result<std::string> run_token_command(const std::string& command, std::chrono::milliseconds within,
                                      const std::function<void()>& slow);

}  // namespace repopipe
