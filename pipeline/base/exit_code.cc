#include "pipeline/base/exit_code.h"

#include <array>

namespace repopipe {
namespace {

constexpr std::array kExitCodes{
    ExitCodeMeaning{ExitCode::complete, "complete"},
    ExitCodeMeaning{ExitCode::usage, "wrong command line"},
    ExitCodeMeaning{ExitCode::incomplete,
                    "finished, but more users failed or vanished than run allows, or compare found "
                    "that databases differ"},
    ExitCodeMeaning{ExitCode::unreachable, "the API, or the queue, could not be reached"},
    ExitCodeMeaning{ExitCode::internal, "internal error"},
    ExitCodeMeaning{ExitCode::machine_limit,
                    "a limit of this machine: open files, threads or memory"},
    ExitCodeMeaning{ExitCode::cannot_create, "the database cannot be opened or created"},
    ExitCodeMeaning{
        ExitCode::database,
        "database I/O error, a full disk included; or output that was asked for cannot be written"},
    ExitCodeMeaning{ExitCode::try_later,
                    "try later: another run holds the lock, the deadline came, or a limit would "
                    "take too long"},
    ExitCodeMeaning{ExitCode::no_token, "no valid token"},
    ExitCodeMeaning{ExitCode::bad_job, "bad job file"},
    ExitCodeMeaning{ExitCode::interrupted, "interrupted (SIGINT)"},
    ExitCodeMeaning{ExitCode::terminated, "terminated (SIGTERM or SIGHUP)"},
};

}  // namespace

std::span<const ExitCodeMeaning> exit_codes() {
  return kExitCodes;
}

}  // namespace repopipe
