#include "pipeline/plan/retry_policy.h"

#include <fmt/format.h>

#include <algorithm>

namespace repopipe {

Duration backoff_bound(Duration base, int failed_attempts) {
  Duration bound = std::min(base, kLongestBackoff);
  for (int i = 1; i < failed_attempts && bound < kLongestBackoff; ++i) {
    bound = std::min(bound * 2, kLongestBackoff);
  }
  return bound;
}

Duration full_jitter(Duration base, int failed_attempts, std::mt19937_64& random) {
  const Duration bound = backoff_bound(base, failed_attempts);
  return Duration(std::uniform_int_distribution<Duration::rep>(0, bound.count())(random));
}

namespace {

// A task that crashed so many workers fails.  A task whose workers were lost is not the cause, but
// fails too after more losses: its workers are ended from outside.
constexpr int kMostCrashes = 3;
constexpr int kMostLosses = 20;
// After so many failures of one page smaller pages are requested.
constexpr int kFailuresBeforeSmaller = 2;
// The delay before a subject is tried again whose limit would end the run.
constexpr Duration kPauseOfDoubt = std::chrono::seconds(1);

bool may_be_large(const Task& task, FailureKind kind, int status) {
  if (task.request.kind != RequestKind::page) return false;
  switch (policy_of(kind).ask_for_less) {
    case AskForLess::no:
      return false;
    case AskForLess::yes:
      return true;
    case AskForLess::of_gateway:
      return status == 502 || status == 504;
    case AskForLess::of_cut:
      return status != 0;
  }
  return false;
}

RetryDecision retry(const Task& task, const Failure& failure, int status, Duration wait,
                    const RetryOptions& options) {
  if (task.attempt >= options.attempts || wait > options.max_wait) return FailSubject{failure};
  const bool is_large = may_be_large(task, failure.kind, status);
  return RetryAt{.failures = task.attempt,
                 .wait = wait,
                 .may_be_large = is_large,
                 .asks_for_less = is_large && task.attempt >= kFailuresBeforeSmaller};
}

// The request may have reached the API, so it is sent again in its turn.
RetryDecision resend(const Task& task, const Failure& failure) {
  if (task.crashes < kMostCrashes && task.losses < kMostLosses) return Resend{};
  return FailSubject{{failure.kind, fmt::format("{}; that happened {} times", failure.message,
                                                task.crashes + task.losses)}};
}

}  // namespace

RetryDecision decide(const Task& task, const Failure& failure, int status, Duration wait,
                     const RetryOptions& options) {
  switch (policy_of(failure.kind).rule) {
    case RetryRule::retry:
      return retry(task, failure, status, wait, options);
    case RetryRule::recheck:
      if (task.was_missing) return FailSubject{failure};
      return RecheckLater{};
    case RetryRule::retry_token:
      if (task.was_refused) return DisableToken{};
      return RetryAt{.is_attempt = false, .doubts_token = true};
    case RetryRule::wait:
      return Resend{.cancels_queued = true};
    case RetryRule::resend:
      return resend(task, failure);
    case RetryRule::disable:
      return DisableToken{};
    case RetryRule::fail_user:
      return FailSubject{failure};
    case RetryRule::end_run:
      return EndRun{};
  }
  return FailSubject{failure};
}

RetryDecision decide_refused(const Task& task, const Failure& failure, Duration wait,
                             const LimitRecord& record, const RetryOptions& options) {
  const bool is_too_long = wait > options.max_wait;
  const bool is_too_often = task.attempt - 1 + record.counted >= options.attempts;
  if (is_too_often || (record.is_proven && is_too_long)) return FailSubject{failure};
  if (record.is_proven) {
    return RetryAt{.failures = std::max(record.counted, 1), .wait = wait, .is_attempt = false};
  }
  if (is_too_long && policy_of(failure.kind).cooldown == CoolsDown::all) {
    return RetryAt{.failures = 0, .wait = kPauseOfDoubt, .is_attempt = false};
  }
  if (record.refusals > 1) return Yield{};
  return Resend{.cancels_queued = true};
}

}  // namespace repopipe
