#include "pipeline/workers/processes/worker_exit.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstring>

namespace repopipe {
namespace {

// A worker that is not ready yet reports a signal as 128 plus its number, like a shell.
constexpr int kExitOfSignal = 128;

// The signal that ended the process; 0: none.
int signal_of(const SubprocessEnd& end) {
  const int told = end.exit_code - kExitOfSignal;
  return sigabbrev_np(told) != nullptr && told > 0 ? told : end.signal;
}

// Whether its exit code is that of a limit of the machine.
bool is_limit(const SubprocessEnd& end) {
  return end.exit_code == static_cast<int>(ExitCode::machine_limit);
}

}  // namespace

WorkerExit loss_of(const SubprocessEnd& end) {
  const int signal = signal_of(end);
  switch (signal) {
    case 0:
      return {FailureKind::worker_crashed, fmt::format("exited with code {}", end.exit_code),
              is_limit(end) ? FailureKind::machine_limit : FailureKind::internal};
    case SIGKILL:
    case SIGTERM:
    case SIGINT:
    case SIGHUP:
      return {FailureKind::worker_lost,
              fmt::format("was killed from outside (SIG{})", sigabbrev_np(signal))};
    default:
      return {FailureKind::worker_crashed, fmt::format("crashed ({})", strsignal(signal))};
  }
}

namespace {

constexpr int kMostFailedStarts = 3;
// More than one task needs to fail for good whatever is lost on it; all workers may be lost at
// once, three times in a row.
constexpr int kMostFruitless = 32;
constexpr int kMostFruitlessEach = 3;
constexpr Duration kRestPause = std::chrono::seconds(5);

}  // namespace

void RestartPolicy::failed_to_start(FailureKind kind, Time now) {
  ++fruitless_;
  pause_until_ = now + kRestPause;
  if (policy_of(kind).counts_as != CountsAs::loss) ++failed_starts_;
}

void RestartPolicy::lost() {
  ++fruitless_;
  failed_starts_ = 0;
}

bool RestartPolicy::is_pointless(bool others) const {
  const int most = std::max(kMostFruitless, kMostFruitlessEach * workers_ + 1);
  return fruitless_ >= most || (!others && failed_starts_ >= kMostFailedStarts);
}

}  // namespace repopipe
