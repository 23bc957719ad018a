// The program's standard streams.  Whatever became of them, the run does its work and its exit code
// tells of it.
#pragma once

#include <string_view>

#include "pipeline/base/exit_code.h"
#include "pipeline/base/result.h"

namespace repopipe {

// Gives 0, 1 and 2 a file where the caller left none, so that no database and no connection becomes
// one of them.  Reading or writing it fails as on a closed stream.  Call it before all else.
void keep_standard_streams();

// To stderr, at once and without secrets.  What cannot be written is lost: there is nowhere left to
// say so.
void say(std::string_view text);

// To stdout, at once and without secrets.  A failure is of kind `database`.
Status put_out(std::string_view text);

// The same for what the command was asked for.  Returns `exit_code`; or, when the text could not be
// written, says so and makes a failure of a success.
ExitCode deliver(std::string_view text, ExitCode exit_code = ExitCode::complete);

}  // namespace repopipe
