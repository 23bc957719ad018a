// What becomes of a task that failed, and when it is sent again: pure functions over the table of
// failures (base/failure.cc).  They know the task and its failure; Plan finds out what concerns
// other tasks (an outage, a limit that refuses one subject only) before it calls them.
// Threading: any.
#pragma once

#include <cstdint>
#include <random>
#include <variant>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"
#include "pipeline/model/task.h"
#include "pipeline/plan/limits/limit_suspects.h"

namespace repopipe {

// The wait before the next attempt is "full jitter": a random time between zero and an upper bound
// that doubles with each attempt (AWS Architecture Blog, "Exponential Backoff And Jitter"), so that
// clients that failed together do not retry together.
constexpr Duration kLongestBackoff = std::chrono::minutes(1);

// The upper bound before attempt `failed_attempts + 1`: base, 2 base, 4 base, ... at most a minute.
Duration backoff_bound(Duration base, int failed_attempts);

Duration full_jitter(Duration base, int failed_attempts, std::mt19937_64& random);

struct RetryOptions {
  int attempts = 5;     // of one page, the first included
  Duration max_wait{};  // for a limit or an outage
};

// Again, no earlier than `wait` from now, and after the backoff for so many failures (see
// full_jitter); 0: without any.
struct RetryAt {
  int failures = 1;
  Duration wait{};
  bool is_attempt = true;      // it counts as one
  bool may_be_large = false;   // a smaller page may help
  bool asks_for_less = false;  // it is asked for now
  bool doubts_token = false;   // refused once more, the token is disabled

  friend bool operator==(const RetryAt&, const RetryAt&) = default;
};
// Again as soon as it may be sent, before what waits; it costs no attempt.
struct Resend {
  bool cancels_queued = false;  // what is queued would fail likewise

  friend bool operator==(const Resend&, const Resend&) = default;
};
// Again when a subject that no limit has refused has gone first, which tells them apart.
struct Yield {
  friend bool operator==(const Yield&, const Yield&) = default;
};
// Again later in the run: it may be transient.
struct RecheckLater {
  friend bool operator==(const RecheckLater&, const RecheckLater&) = default;
};
struct DisableToken {
  friend bool operator==(const DisableToken&, const DisableToken&) = default;
};
struct FailSubject {
  Failure failure;

  friend bool operator==(const FailSubject&, const FailSubject&) = default;
};
struct EndRun {
  friend bool operator==(const EndRun&, const EndRun&) = default;
};
using RetryDecision =
    std::variant<RetryAt, Resend, Yield, RecheckLater, DisableToken, FailSubject, EndRun>;

// `status`: of the response; 0: there was none.  `wait`: as the response asks for it.
RetryDecision decide(const Task& task, const Failure& failure, int status, Duration wait,
                     const RetryOptions& options);

// Of a task that a limit has refused.  A limit for all subjects costs no attempt.
RetryDecision decide_refused(const Task& task, const Failure& failure, Duration wait,
                             const LimitRecord& record, const RetryOptions& options);

}  // namespace repopipe
