// The time that a run still takes; see frame.h.
#include <algorithm>
#include <chrono>

#include "pipeline/report/frame.h"

namespace repopipe {

QuotaSum quota_of(const RunProgress& run) {
  QuotaSum sum;
  for (const TokenState& token : run.tokens) {
    if (!token.remaining || !token.quota_limit) continue;
    ++sum.tokens;
    sum.left += *token.remaining;
    sum.limit += *token.quota_limit;
    if (!token.resets_at) continue;
    sum.resets_at = std::min(sum.resets_at.value_or(*token.resets_at), *token.resets_at);
  }
  return sum;
}

WallTime wall_of(std::int64_t seconds) {
  return WallTime(std::chrono::seconds(seconds));
}

std::optional<Duration> time_left(const Progress& progress) {
  const std::uint64_t here = progress.totals.users() - progress.users_before;
  const std::uint64_t users = progress.total - std::min(progress.total, progress.totals.users());
  if (here == 0 || progress.run.requests == 0 || progress.elapsed <= Duration::zero()) return {};
  const double per_user = static_cast<double>(progress.run.requests) / static_cast<double>(here);
  double requests = static_cast<double>(users) * per_user;
  const double mean =
      static_cast<double>(progress.run.requests) / std::max(0.1, seconds(progress.elapsed));
  const double rate = progress.rate > 0 ? progress.rate : mean;
  const double charged = 1 - static_cast<double>(progress.run.not_modified) /
                                 static_cast<double>(progress.run.requests);
  const QuotaSum quota = quota_of(progress.run);
  double time = 0;
  if (progress.run.waiting && progress.run.waiting->continues_at) {
    time = std::max(0.0, seconds(*progress.run.waiting->continues_at - progress.now));
  }
  if (quota.tokens > 0 && quota.resets_at && charged > 0 && quota.limit > 0) {
    double available = static_cast<double>(quota.left) / charged;
    double reset = seconds(wall_of(*quota.resets_at) - progress.now);
    // Each window allows `limit` charged requests; GitHub's windows are an hour long.
    for (int windows = 0; windows < 1000 && requests > available; ++windows) {
      requests -= available;
      time = std::max(time + available / rate, reset);
      available = static_cast<double>(quota.limit) / charged;
      reset = time + 3600;
    }
  }
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(time + requests / rate));
}

}  // namespace repopipe
