// What limits, and a network that is gone, do to a run.
#include <gtest/gtest.h>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

TaskResult with_quota(TaskResult task_result, std::uint64_t remaining, Duration resets_in,
                      std::int64_t window = 1) {
  task_result.rate_limits.quota = Quota{5000, remaining, window, resets_in};
  return task_result;
}

TaskResult refused(const Task& task, FailureKind kind, std::optional<Duration> wait) {
  TaskResult task_result = failure(task, kind, 403);
  task_result.rate_limits.wait = wait;
  return task_result;
}

TEST(PlanLimits, WaitsForTheQuotaAsLongAsTheResponseSays) {
  Plan plan = plan_for({"a"});
  plan.complete(refused(sent(plan), FailureKind::rate_limited, 30s), at(1s));
  const Notice say = step<Notice>(plan, 1s);
  EXPECT_EQ(say.text, "waiting: the quota of requests without a token is used up");
  EXPECT_EQ(say.goes_on, at(31s));
  EXPECT_EQ(step<WaitUntil>(plan, 1s), WaitUntil{at(31s)});
  EXPECT_EQ(sent(plan, 31s).attempt, 1);  // waiting is no failed attempt
  EXPECT_EQ(waited(plan, WaitCause::quota), (Waited{30s, 1}));
}

TEST(PlanLimits, ContinuesWithOtherPrincipals) {
  Plan plan = plan_for({"a", "b", "c", "d", "e", "f"}, {.principals = tokens(2)});
  learn_owners(plan, {1, 2});
  const Task first = sent(plan);
  plan.complete(refused(first, FailureKind::rate_limited, 30s), at(0s));
  Action next = plan.next(at(0s));
  int others = 0;
  while (auto* send = std::get_if<Send>(&next)) {
    EXPECT_NE(send->task.principal, first.principal);
    ++others;
    next = plan.next(at(0s));
    if (std::holds_alternative<ReadSubjects>(next)) {
      plan.offer({});
      next = plan.next(at(0s));
    }
  }
  EXPECT_GT(others, 0);
  EXPECT_EQ(std::get<WaitUntil>(next), WaitUntil{at(30s)});
}

TEST(PlanLimits, MakesAllRequestsWaitForASecondaryLimit) {
  Plan plan = plan_for({"a", "b", "c", "d", "e", "f"}, {.principals = tokens(2)});
  learn_owners(plan, {1, 2});
  plan.complete(refused(sent(plan), FailureKind::throttled, 20s), at(0s));
  step<Notice>(plan);
  EXPECT_EQ(step<WaitUntil>(plan), WaitUntil{at(20s)});
  sent(plan, 20s);
}

TEST(PlanLimits, WaitsAMinuteAndThenTwiceAsLongWithoutRetryAfter) {
  Plan plan = plan_for({"a"});
  Duration now{};
  for (const Duration pause : {60s, 120s, 240s}) {
    plan.complete(refused(sent(plan, now), FailureKind::throttled, {}), at(now));
    step<Notice>(plan, now);
    EXPECT_EQ(step<WaitUntil>(plan, now + pause - 1ms), WaitUntil{at(now + pause)});
    now += pause;
  }
  plan.complete(page(sent(plan, now), 2), at(now));
  plan.complete(refused(sent(plan, now), FailureKind::throttled, {}), at(now));
  step<Notice>(plan, now);
  EXPECT_EQ(step<WaitUntil>(plan, now + 59s), WaitUntil{at(now + 60s)});  // it had gone well
}

TEST(PlanLimits, CallsBackWhatIsNotOnTheWireYet) {
  Plan plan = plan_for({"a", "b"});
  const Task a = sent(plan);
  const Task b = sent(plan);
  plan.complete(refused(a, FailureKind::throttled, 20s), at(0s));
  step<CancelQueued>(plan);
  plan.complete(failure(b, FailureKind::cancelled), at(0s));
  EXPECT_EQ(step<Notice>(plan).goes_on, at(20s));
  EXPECT_EQ(sent(plan, 20s).login, "b");
}

TEST(PlanLimits, DoublesOnceForResponsesOfOneTime) {
  Plan plan = plan_for({"a", "b", "c"});
  const Task a = sent(plan);
  const Task b = sent(plan);
  const Task c = sent(plan);
  for (const Task& task : {a, b, c}) {
    plan.complete(refused(task, FailureKind::throttled, {}), at(1s));
  }
  step<Notice>(plan, 1s);
  EXPECT_EQ(step<WaitUntil>(plan, 1s), WaitUntil{at(61s)});
}

TEST(PlanLimits, SaysOnceAMinuteThatItWaits) {
  Plan plan = plan_for({"a"});
  plan.complete(refused(sent(plan), FailureKind::rate_limited, 150s), at(0s));
  step<Notice>(plan, 0s);
  EXPECT_EQ(step<WaitUntil>(plan, 0s), WaitUntil{at(60s)});
  EXPECT_EQ(step<Notice>(plan, 60s).goes_on, at(150s));
  EXPECT_EQ(step<WaitUntil>(plan, 61s), WaitUntil{at(120s)});
  step<Notice>(plan, 120s);
  EXPECT_EQ(step<WaitUntil>(plan, 120s), WaitUntil{at(150s)});
}

TEST(PlanLimits, EndsRatherThanWaitLongerThanItMay) {
  Plan plan = plan_for({"a"}, {.max_wait = 1min});
  plan.complete(refused(sent(plan), FailureKind::rate_limited, 61s), at(0s));
  EXPECT_EQ(stored(plan).outcome, Outcome::abandoned);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().status, RunStatus::limited);
  EXPECT_EQ(plan.end().exit_code, ExitCode::try_later);
  EXPECT_EQ(plan.end().error,
            "the quota of requests without a token is used up for 61 s more, longer than "
            "run.max_wait allows; the next run resumes");
}

// One, two and four minutes are within the limit; eight more are not.
TEST(PlanLimits, EndsWhenNoResponseComesForLongerThanItMayWait) {
  Plan plan = plan_for({"a"}, {.max_wait = 14min});
  Duration now{};
  for (const Duration pause : {1min, 2min, 4min}) {
    plan.complete(refused(sent(plan, now), FailureKind::throttled, {}), at(now));
    step<Notice>(plan, now);
    now += pause;
  }
  plan.complete(refused(sent(plan, now), FailureKind::throttled, {}), at(now));
  const Listing listing = step<Write>(plan, now).listing;
  EXPECT_EQ(listing.outcome, Outcome::abandoned);
  plan.committed(listing.subject, Stored{.login = "a", .outcome = Outcome::abandoned}, at(now));
  step<Finished>(plan, now);
  EXPECT_EQ(plan.end().exit_code, ExitCode::try_later);
}

TEST(PlanLimits, EndsAtOnceWhenAWaitIsLongerThanTheRest) {
  Plan plan = plan_for({"a"}, {.deadline = at(40s)});
  plan.complete(refused(sent(plan), FailureKind::throttled, 50s), at(0s));
  stored(plan);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::try_later);
  EXPECT_EQ(plan.end().status, RunStatus::limited);
}

// A wait of one hour for one user in a run that may wait one minute.
TaskResult long_wait(const Task& task) {
  return refused(task, FailureKind::throttled, 1h);
}

TEST(PlanLimits, FailAUserAloneWhoseWaitIsTooLongForTheRun) {
  Plan plan = plan_for({"a", "b"}, {.max_wait = 1min});
  plan.complete(long_wait(sent(plan)), at(0s));
  plan.complete(page(sent(plan)), at(500ms));
  EXPECT_EQ(stored(plan, 500ms).login, "b");
  EXPECT_EQ(step<WaitUntil>(plan, 500ms), WaitUntil{at(1s)});
  plan.complete(long_wait(sent(plan, 1s)), at(2s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.login, "a");
  EXPECT_EQ(listing.outcome, Outcome::failed);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::incomplete);
}

TEST(PlanLimits, FailTheLastUserWhoseWaitIsTooLongAfterItsAttempts) {
  Plan plan = plan_for({"a", "b"}, {.attempts = 3, .max_wait = 1min});
  plan.complete(page(sent(plan)), at(0s));
  EXPECT_EQ(stored(plan).login, "a");
  Duration now{};
  for (int attempt = 0; attempt < 3; ++attempt, now += 1s) {
    plan.complete(long_wait(sent(plan, now)), at(now));
  }
  EXPECT_EQ(stored(plan).outcome, Outcome::failed);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().status, RunStatus::incomplete);
}

TEST(PlanLimits, EndWhenASecondUserMeetsAWaitThatIsTooLong) {
  Plan plan = plan_for({"a", "b", "c"}, {.max_wait = 1min});
  plan.complete(long_wait(sent(plan)), at(0s));
  plan.complete(long_wait(sent(plan)), at(1s));
  for (int user = 0; user < 2; ++user) EXPECT_EQ(stored(plan).outcome, Outcome::abandoned);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::try_later);
}

TEST(PlanLimits, EndWhenNoResponseCameAndTheOnlyUserMeetsAWaitThatIsTooLong) {
  Plan plan = plan_for({"a"}, {.max_wait = 1min});
  plan.complete(long_wait(sent(plan)), at(0s));
  plan.complete(long_wait(sent(plan, 1s)), at(1s));
  stored(plan);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::try_later);
}

TEST(PlanLimits, KeepsWhatIsCompleteBeforeItEnds) {
  Plan plan = plan_for({"a", "b"}, {.max_wait = 0s});
  const Task a = sent(plan);
  const Task b = sent(plan);
  plan.complete(refused(a, FailureKind::rate_limited, 1h), at(0s));
  step<WaitUntil>(plan);  // b is still out
  plan.complete(page(b), at(0s));
  EXPECT_EQ(stored(plan).login, "b");
  EXPECT_EQ(stored(plan).outcome, Outcome::abandoned);
  step<Finished>(plan);
}

TEST(PlanLimits, LeavesTheReserveToOthers) {
  Plan plan = plan_for({"a", "b", "c"}, {.limits = {.reserve = 10}});
  const Task first = sent(plan);
  step<Wait>(plan);  // one request probes
  plan.complete(with_quota(page(first), 12, 40s), at(0s));
  stored(plan);
  const Task b = sent(plan);
  const Task c = sent(plan);
  plan.complete(with_quota(page(b, 2), 11, 40s), at(0s));
  plan.complete(with_quota(page(c), 10, 40s), at(0s));
  stored(plan);
  const Notice say = step<Notice>(plan, 0s);
  EXPECT_EQ(say.text,
            "waiting: 10 of 5000 requests are left of the quota of requests without a token, "
            "and limits.reserve is 10");
  EXPECT_EQ(say.goes_on, at(41s));  // and a second for clocks that differ
  EXPECT_EQ(sent(plan, 41s).login, "b");
}

TEST(PlanLimits, NeverSendsMoreThanTheQuotaHasLeft) {
  Plan plan = plan_for({"a", "b", "c", "d"});
  plan.complete(with_quota(page(sent(plan)), 2, 1h), at(0s));
  stored(plan);
  const Task b = sent(plan);
  sent(plan);
  step<Wait>(plan);                                   // the two in flight may need the rest
  plan.complete(with_quota(page(b), 2, 1h), at(0s));  // not changed: it cost nothing
  stored(plan);
  sent(plan);
}

TEST(PlanLimits, TakesTheSmallestFigureOfAWindow) {
  Plan plan = plan_for({"a", "b", "c"});
  const Task a = sent(plan);
  const Task b = sent(plan);
  plan.complete(with_quota(page(b), 0, 30s), at(0s));
  plan.complete(with_quota(page(a), 1, 30s), at(0s));  // overtaken
  stored(plan);
  stored(plan);
  step<Notice>(plan);
  EXPECT_EQ(step<WaitUntil>(plan), WaitUntil{at(31s)});
}

TEST(PlanLimits, RefusesAReserveThatLeavesNothing) {
  Plan plan = plan_for({"a", "b"}, {.limits = {.reserve = 5000}});
  plan.complete(with_quota(page(sent(plan)), 4999, 30s), at(0s));
  stored(plan);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::bad_job);
}

TEST(PlanLimits, SendsHalfAsManyAfterASignOfStrain) {
  std::vector<std::string> logins;
  for (int i = 0; i < 100; ++i) logins.push_back("u" + std::to_string(i));
  Plan plan = plan_for(logins, {.credits = 50, .limits = {.concurrency = 8}});
  plan.complete(failure(sent(plan), FailureKind::server_error, 502), at(1s));
  for (int i = 0; i < 4; ++i) sent(plan, 2s);
  step<Wait>(plan, 2s);
}

TEST(PlanLimits, ComesBackLittleByLittle) {
  std::vector<std::string> logins;
  for (int i = 0; i < 200; ++i) logins.push_back("u" + std::to_string(i));
  Plan plan = plan_for(logins, {.credits = 50, .limits = {.concurrency = 8}});
  plan.complete(failure(sent(plan), FailureKind::timeout), at(1s));
  for (int i = 0; i < 40; ++i) {
    plan.complete(page(sent(plan, 2s)), at(2s));
    stored(plan, 2s);
  }
  for (int i = 0; i < 50; ++i) sent(plan, 2s);
  step<Wait>(plan, 2s);
}

TEST(PlanLimits, AsksAgainNoSoonerThanAFailingServerSays) {
  Plan plan = plan_for({"a"}, {.backoff = 1ms});
  plan.complete(refused(sent(plan), FailureKind::server_error, 20s), at(0s));
  EXPECT_EQ(step<WaitUntil>(plan), WaitUntil{at(20s)});
}

TEST(PlanLimits, FailsAUserRatherThanWaitForItsServerForDays) {
  Plan plan = plan_for({"a"}, {.max_wait = 1h});
  plan.complete(refused(sent(plan), FailureKind::server_error, 48h), at(0s));
  EXPECT_EQ(stored(plan).outcome, Outcome::failed);
}

}  // namespace
}  // namespace repopipe
