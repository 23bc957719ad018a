#include "pipeline/plan/retry_policy.h"

#include <gtest/gtest.h>

#include <vector>

namespace repopipe {
namespace {

using namespace std::chrono_literals;

constexpr RetryOptions kOptions{.attempts = 3, .max_wait = 1h};

Failure failed(FailureKind kind) {
  return {kind, "it failed"};
}

RetryDecision decided(const Task& task, FailureKind kind, int status = 0, Duration wait = {}) {
  return decide(task, failed(kind), status, wait, kOptions);
}

RetryDecision refused(const LimitRecord& record, FailureKind kind, Duration wait = {},
                      int attempt = 1) {
  return decide_refused({.request = {}, .attempt = attempt}, failed(kind), wait, record, kOptions);
}

FailSubject given_up(FailureKind kind) {
  return {failed(kind)};
}

TEST(RetryPolicy, TriesAgainUntilTheAttemptsAreUsedUp) {
  EXPECT_EQ(decided({.request = {}, .attempt = 1}, FailureKind::connect),
            RetryDecision(RetryAt{.failures = 1}));
  EXPECT_EQ(decided({.request = {}, .attempt = 2}, FailureKind::connect),
            RetryDecision(RetryAt{.failures = 2}));
  EXPECT_EQ(decided({.request = {}, .attempt = 3}, FailureKind::connect),
            RetryDecision(given_up(FailureKind::connect)));
}

TEST(RetryPolicy, WaitsAsLongAsTheResponseAsksForAndNoLongerThanTheRunMay) {
  const auto kind = FailureKind::server_error;
  EXPECT_EQ(decided({}, kind, 503, 1h), RetryDecision(RetryAt{.wait = 1h}));
  EXPECT_EQ(decided({}, kind, 503, 1h + 1us), RetryDecision(given_up(kind)));
}

TEST(RetryPolicy, AsksForLessAfterTheSecondFailureThatALargePageMayCause) {
  struct Case {
    FailureKind kind;
    int status;
    bool may_be_large;
  };
  for (const Case& each : std::vector<Case>{{FailureKind::timeout, 0, true},
                                            {FailureKind::timeout, 200, true},
                                            {FailureKind::transport, 0, false},
                                            {FailureKind::transport, 200, true},
                                            {FailureKind::server_error, 500, false},
                                            {FailureKind::server_error, 502, true},
                                            {FailureKind::server_error, 503, false},
                                            {FailureKind::server_error, 504, true},
                                            {FailureKind::connect, 0, false},
                                            {FailureKind::malformed, 200, false}}) {
    for (const int attempt : {1, 2}) {
      const RetryAt expected{.failures = attempt,
                             .may_be_large = each.may_be_large,
                             .asks_for_less = each.may_be_large && attempt == 2};
      EXPECT_EQ(decided({.request = {}, .attempt = attempt}, each.kind, each.status),
                RetryDecision(expected))
          << policy_of(each.kind).name << each.status;
    }
  }
}

TEST(RetryPolicy, AsksForLessOnlyOfAPage) {
  const Task task{.request = {.kind = RequestKind::account}, .attempt = 2};
  EXPECT_EQ(decided(task, FailureKind::timeout), RetryDecision(RetryAt{.failures = 2}));
}

TEST(RetryPolicy, LooksTwiceForWhatIsNotFound) {
  EXPECT_EQ(decided({}, FailureKind::not_found), RetryDecision(RecheckLater{}));
  EXPECT_EQ(decided({.request = {}, .was_missing = true}, FailureKind::not_found),
            RetryDecision(given_up(FailureKind::not_found)));
}

TEST(RetryPolicy, DisablesATokenThatIsRefusedTwiceOrIsNotValid) {
  EXPECT_EQ(decided({}, FailureKind::unauthorized),
            RetryDecision(RetryAt{.is_attempt = false, .doubts_token = true}));
  EXPECT_EQ(decided({.request = {}, .was_refused = true}, FailureKind::unauthorized),
            RetryDecision(DisableToken{}));
  EXPECT_EQ(decided({}, FailureKind::bad_token), RetryDecision(DisableToken{}));
}

TEST(RetryPolicy, SendsAgainWhatWorkersWereLostOnUpToALimitOfEach) {
  EXPECT_EQ(decided({.request = {}, .losses = 19, .crashes = 2}, FailureKind::worker_lost),
            RetryDecision(Resend{}));
  EXPECT_EQ(
      decided({.request = {}, .losses = 20}, FailureKind::worker_lost),
      RetryDecision(FailSubject{{FailureKind::worker_lost, "it failed; that happened 20 times"}}));
  EXPECT_EQ(decided({.request = {}, .losses = 1, .crashes = 3}, FailureKind::worker_crashed),
            RetryDecision(
                FailSubject{{FailureKind::worker_crashed, "it failed; that happened 4 times"}}));
  EXPECT_EQ(decided({}, FailureKind::cancelled), RetryDecision(Resend{}));
}

TEST(RetryPolicy, CancelsWhatIsQueuedWhereItWouldFailLikewise) {
  for (const FailureKind kind :
       {FailureKind::queue, FailureKind::throttled, FailureKind::rate_limited}) {
    EXPECT_EQ(decided({}, kind), RetryDecision(Resend{.cancels_queued = true}));
  }
}

// Whatever happened to the task before.
TEST(RetryPolicy, TriesNothingAgainThatFailsTheSubjectOrEndsTheRun) {
  for (int i = 0; i <= static_cast<int>(FailureKind::internal); ++i) {
    const auto kind = static_cast<FailureKind>(i);
    const RetryRule rule = policy_of(kind).rule;
    if (rule == RetryRule::fail_user) {
      EXPECT_EQ(decided({}, kind), RetryDecision(given_up(kind)));
    }
    if (rule == RetryRule::end_run) {
      EXPECT_EQ(decided({}, kind), RetryDecision(EndRun{}));
    }
  }
}

TEST(RetryPolicy, CountsNoAttemptForALimitThatAllUsersMeet) {
  EXPECT_EQ(refused({.refusals = 1}, FailureKind::throttled, 1h, 3),
            RetryDecision(Resend{.cancels_queued = true}));
  EXPECT_EQ(refused({.refusals = 2}, FailureKind::rate_limited), RetryDecision(Yield{}));
}

TEST(RetryPolicy, CountsALimitAgainstTheSubjectThatAloneMeetsIt) {
  const LimitRecord twice{.refusals = 2, .counted = 2, .is_proven = true};
  EXPECT_EQ(refused(twice, FailureKind::throttled, 1min),
            RetryDecision(RetryAt{.failures = 2, .wait = 1min, .is_attempt = false}));
  EXPECT_EQ(refused(twice, FailureKind::throttled, 1min, 2),
            RetryDecision(given_up(FailureKind::throttled)));
  EXPECT_EQ(refused({.refusals = 3, .counted = 3}, FailureKind::throttled),
            RetryDecision(given_up(FailureKind::throttled)));
}

TEST(RetryPolicy, DoubtsAWaitThatWouldEndTheRun) {
  EXPECT_EQ(refused({.refusals = 1}, FailureKind::throttled, 1h + 1us),
            RetryDecision(RetryAt{.failures = 0, .wait = 1s, .is_attempt = false}));
  EXPECT_EQ(refused({.refusals = 1}, FailureKind::rate_limited, 1h + 1us),
            RetryDecision(Resend{.cancels_queued = true}));
  EXPECT_EQ(
      refused({.refusals = 1, .counted = 1, .is_proven = true}, FailureKind::throttled, 1h + 1us),
      RetryDecision(given_up(FailureKind::throttled)));
}

}  // namespace
}  // namespace repopipe
