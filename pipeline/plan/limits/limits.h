// All limits: when a principal may send its next request, and why not now.  Plan reports every
// request that is sent and every result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/run.h"
#include "pipeline/plan/limits/concurrency_limit.h"
#include "pipeline/plan/limits/cooldown.h"
#include "pipeline/plan/limits/limit_suspects.h"
#include "pipeline/plan/limits/quota_tracker.h"
#include "pipeline/plan/limits/rate_limiter.h"

namespace repopipe {

// A request of an earlier run that still counts.
struct PastRequest {
  Time answered;
  Duration response;
};

struct LimitOptions {
  RateLimits pace{};
  std::vector<PastRequest> recent{};  // oldest first
  std::size_t concurrency = 8;        // exchanges the engine makes at a time
  std::uint64_t reserve = 0;          // requests of each budget that are left to others
  Duration first_pause = std::chrono::seconds(1);  // of an outage; doubles
  Duration max_wait = Duration::max();             // for a limit; a longer one ends the run
};

// During an outage failures do not show overload.
enum class Weather { fair, outage };

struct SendTime {
  Time at;  // Time::max(): not before a task is completed
  WaitCause wait_cause = WaitCause::retry;
};

// Whether such a failure is a refusal by a limit of the API.
bool is_limit(FailureKind kind);

// Threading: that of Plan.
class Limits {
 public:
  // `principals`: how many there are, at least one; each spends its own quota at first.
  Limits(const LimitOptions& options, std::size_t principals);

  SendTime send_time(std::uint32_t principal, Time now);
  // The most requests in flight; `credits` while there is no sign of overload.
  std::size_t most_out(std::size_t credits) const;

  void sent(std::uint32_t principal);
  // `has_others`: other subjects may show whether a refusal concerns one subject only.
  void completed(const TaskResult& task_result, Time now, Weather weather, bool has_others);
  // What is known of the refusals of one subject, until it is forgotten.
  LimitRecord record_of(const std::string& login) const { return suspects_.record_of(login); }
  void forget(const std::string& login) { suspects_.forget(login); }

  // Both belong to one account: `principal` spends the quota that `other` spends.
  void share_quota(std::uint32_t principal, std::uint32_t other);

  // Why a principal waits, for people: "the quota of token env:A (...a1b2) is used up".  `name`:
  // the principal's.
  std::string explain(std::uint32_t principal, std::string_view name, WaitCause wait_cause) const;

  // The last quota that the API told of the principal, if any.
  const std::optional<Quota>& last_quota(std::uint32_t principal) const {
    return quota_of(principal).quota();
  }

  // Since when the queue is unusable, if `wait_cause` is the queue: such a wait has no known end.
  std::optional<Time> lasts_since(WaitCause wait_cause) const;
  // Since when all requests are refused by a secondary limit; nothing: they are not.
  std::optional<Time> throttled_since() const;
  // The principal's whole quota is not larger than `reserve`.
  bool is_all_reserved(std::uint32_t principal) const;

 private:
  void take(const TaskResult& task_result, Time now, Weather weather);
  void take_alone(const TaskResult& task_result, Time now);
  void refused(const TaskResult& task_result, Time now, Weather weather);
  QuotaTracker& quota_of(std::uint32_t principal) { return quotas_[quota_owners_[principal]]; }
  const QuotaTracker& quota_of(std::uint32_t principal) const {
    return quotas_[quota_owners_[principal]];
  }

  const LimitOptions options_;
  std::vector<QuotaTracker> quotas_;         // by principal
  std::vector<std::uint32_t> quota_owners_;  // by principal: whose quota it spends
  RateLimiter rate_limiter_;
  ConcurrencyLimit concurrency_;
  Cooldown secondary_;
  Cooldown queue_;
  LimitSuspects suspects_;
  std::string queue_trouble_{};  // as the last failure told it
};

}  // namespace repopipe
