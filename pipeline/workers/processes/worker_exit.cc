#include "pipeline/workers/processes/worker_exit.h"

#include <fmt/format.h>

#include <csignal>
#include <cstring>

namespace repopipe {
namespace {

// How a worker that is not ready yet, like a shell, tells of a signal by its exit code.
constexpr int kExitOfSignal = 128;

// 0: none.
int signal_of(const SubprocessEnd& end) {
  const int told = end.exit_code - kExitOfSignal;
  return sigabbrev_np(told) != nullptr && told > 0 ? told : end.signal;
}

}  // namespace

WorkerExit loss_of(const SubprocessEnd& end) {
  const int signal = signal_of(end);
  switch (signal) {
    case 0:
      return {FailureKind::worker_crashed, fmt::format("exited with code {}", end.exit_code)};
    case SIGKILL:
    case SIGTERM:
    case SIGINT:
    case SIGHUP:
      return {FailureKind::worker_lost,
              fmt::format("was ended from outside (SIG{})", sigabbrev_np(signal))};
    default:
      return {FailureKind::worker_crashed, fmt::format("crashed ({})", strsignal(signal))};
  }
}

}  // namespace repopipe
