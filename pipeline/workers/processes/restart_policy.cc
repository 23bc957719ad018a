#include "pipeline/workers/processes/restart_policy.h"

#include <algorithm>

namespace repopipe {
namespace {

constexpr int kMostFailedStarts = 3;
// More than one task takes to be given up, whatever is lost over it; and all workers may be lost
// at once, three times in a row.
constexpr int kMostFruitless = 32;
constexpr int kMostFruitlessEach = 3;
constexpr Duration kRestPause = std::chrono::seconds(5);

}  // namespace

void RestartPolicy::failed_to_start(FailureKind kind, Time now) {
  ++fruitless_;
  pause_until_ = now + kRestPause;
  if (kind != FailureKind::worker_lost) ++failed_starts_;
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
