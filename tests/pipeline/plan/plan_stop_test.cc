// How runs end: in order, early, or not at all well.
#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/made_up_api.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

TEST(PlanStop, SendsNothingMoreAndKeepsWhatIsComplete) {
  Plan plan = plan_for({"a", "b", "c"}, {.credits = 2});
  const Task a = sent(plan);
  const Task b = sent(plan);
  plan.stop(RunStatus::interrupted, ExitCode::interrupted, "interrupted");
  step<Wait>(plan);
  plan.complete(page(a), at(0s));
  EXPECT_EQ(stored(plan).outcome, Outcome::ok);
  step<Wait>(plan);
  plan.complete(page(b, 2), at(0s));  // a second page is missing
  const Listing rest = stored(plan);
  EXPECT_EQ(rest.login, "b");
  EXPECT_EQ(rest.outcome, Outcome::abandoned);
  EXPECT_TRUE(rest.pages.empty());
  EXPECT_EQ(rest.request_logs.size(), 1U);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().status, RunStatus::interrupted);
  EXPECT_EQ(plan.end().exit_code, ExitCode::interrupted);
  EXPECT_EQ(plan.users_settled(), 1U);
}

TEST(PlanStop, DoesNotWaitForRetries) {
  Plan plan = plan_for({"a"}, {.backoff = 1h});
  plan.complete(failure(sent(plan), FailureKind::timeout), at(0s));
  plan.stop(RunStatus::interrupted, ExitCode::terminated, "terminated");
  EXPECT_EQ(stored(plan).outcome, Outcome::abandoned);
  step<Finished>(plan);
}

TEST(PlanStop, LogsNoRequestOfATaskThatWasCancelled) {
  Plan plan = plan_for({"a"});
  const Task task = sent(plan);
  plan.stop(RunStatus::interrupted, ExitCode::interrupted, "interrupted");
  step<CancelQueued>(plan);
  plan.complete(failure(task, FailureKind::cancelled), at(0s));
  const Listing rest = stored(plan);
  EXPECT_EQ(rest.outcome, Outcome::abandoned);
  EXPECT_TRUE(rest.request_logs.empty());
}

TEST(PlanStop, FailsNoUserWhoseLastAttemptWasCancelled) {
  Plan plan = plan_for({"a"}, {.attempts = 1});
  const Task task = sent(plan);
  plan.stop(RunStatus::interrupted, ExitCode::interrupted, "interrupted");
  plan.complete(failure(task, FailureKind::cancelled), at(0s));
  EXPECT_EQ(stored(plan).outcome, Outcome::abandoned);
  step<Finished>(plan);
}

TEST(PlanStop, WakesForTheDeadlineWhileRequestsAreOut) {
  Plan plan = plan_for({"a"}, {.deadline = at(10s)});
  sent(plan);
  EXPECT_EQ(step<WaitUntil>(plan), WaitUntil{at(10s)});
}

TEST(PlanStop, KeepsItsFirstReason) {
  Plan plan = plan_for({"a"});
  plan.stop(RunStatus::interrupted, ExitCode::interrupted, "first");
  plan.stop(RunStatus::failed, ExitCode::database, "second");
  step<Finished>(plan);
  EXPECT_EQ(plan.end().error, "first");
}

TEST(PlanStop, CompletesEveryTaskAtEveryStep) {
  // Stops after n steps, for every n, and counts tasks sent and completed.
  for (int stop_after = 0; stop_after < 60; ++stop_after) {
    Plan plan = plan_for({"a", "b", "c", "d"}, {.credits = 3, .attempts = 2});
    std::deque<Task> out;
    bool over = false;
    for (int count = 0; !over && count < 200; ++count) {
      if (count == stop_after) plan.stop(RunStatus::interrupted, ExitCode::interrupted, "");
      Action next = plan.next(at(1s * count));
      if (auto* send = std::get_if<Send>(&next)) {
        out.push_back(send->task);
      } else if (auto* keep = std::get_if<Write>(&next)) {
        plan.committed(keep->listing.subject, Stored{.outcome = keep->listing.outcome}, at(0s));
      } else if (std::holds_alternative<ReadSubjects>(next)) {
        plan.offer({});
      } else if (std::holds_alternative<Finished>(next)) {
        over = true;
      } else if (!out.empty()) {
        const Task task = out.front();
        out.pop_front();
        plan.complete(task.id % 3 == 0 ? failure(task, FailureKind::server_error, 500)
                                       : page(task, task.request.page < 2 ? 2 : 1),
                      at(1s * count));
      }
    }
    EXPECT_TRUE(over) << stop_after;
    EXPECT_TRUE(out.empty()) << stop_after;
  }
}

TEST(PlanStop, ComesWithTheDeadline) {
  Plan plan = plan_for({"a", "b"}, {.credits = 1, .deadline = at(10s)});
  const Task a = sent(plan, 9s);
  plan.complete(page(a), at(11s));
  stored(plan, 11s);
  step<Finished>(plan, 11s);
  EXPECT_EQ(plan.end().status, RunStatus::deadline);
  EXPECT_EQ(plan.end().exit_code, ExitCode::try_later);
}

TEST(PlanStop, DoesNotSleepPastTheDeadline) {
  Plan plan = plan_for({"a"}, {.backoff = 1min, .deadline = at(1ms), .seed = 3});
  plan.complete(failure(sent(plan), FailureKind::timeout), at(0s));
  EXPECT_EQ(step<WaitUntil>(plan), WaitUntil{at(1ms)});
}

TEST(PlanStop, FailsOneUserWhenOthersWereAnswered) {
  MadeUpApi api(1, [](const Task& task, Time) {
    return task.login == "b" ? failure(task, FailureKind::transport) : page(task);
  });
  Plan plan = plan_for({"a", "b"}, {.credits = 1, .attempts = 1, .fail_ratio = 1});
  ASSERT_TRUE(api.run(plan, 1000));
  EXPECT_EQ(std::ranges::count(api.listings(), Outcome::failed, &Listing::outcome), 1);
  EXPECT_EQ(api.requests_for("b"), 1);
  EXPECT_EQ(plan.end().exit_code, ExitCode::complete);
}

TEST(PlanStop, EndsWithTheStore) {
  Plan plan = plan_for({"a", "b", "c"}, {.credits = 2});
  const Task a = sent(plan);
  const Task b = sent(plan);
  plan.complete(page(a), at(0s));
  const Listing listing = step<Write>(plan).listing;
  plan.committed(listing.subject, fail(FailureKind::database, "disk full"), at(0s));
  step<Wait>(plan);
  plan.complete(page(b), at(0s));
  step<Finished>(plan);  // nothing more goes to a store that failed
  EXPECT_EQ(plan.end().status, RunStatus::failed);
  EXPECT_EQ(plan.end().exit_code, ExitCode::database);
  EXPECT_EQ(plan.end().error, "disk full");
}

TEST(PlanStop, EndsWithTheListOfUsers) {
  Plan plan({}, kPlainProvider, Time{});
  step<ReadSubjects>(plan);
  plan.subjects_failed({FailureKind::job, "users.txt:3:1: not a login"});
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::bad_job);
}

RunEnd end_of(int users, int failures, PlanOptions options) {
  std::vector<std::string> logins;
  for (int i = 0; i < users; ++i) logins.push_back("u" + std::to_string(i));
  Plan plan = plan_for(logins, options);
  for (int i = 0; i < users; ++i) {
    const Task task = sent(plan);
    plan.complete(i < failures ? failure(task, FailureKind::bad_record, 200) : page(task), at(0s));
    stored(plan);
  }
  step<Finished>(plan);
  return plan.end();
}

TEST(PlanStop, IsIncompleteAboveTheFailRatio) {
  EXPECT_EQ(end_of(100, 1, {.fail_ratio = 0.01}).exit_code, ExitCode::complete);
  const RunEnd end = end_of(100, 2, {.fail_ratio = 0.01});
  EXPECT_EQ(end.exit_code, ExitCode::incomplete);
  EXPECT_EQ(end.status, RunStatus::incomplete);
  EXPECT_EQ(end.error,
            "2 of 100 users failed, more than run.fail_ratio allows; most often (2 times): u0: "
            "bad_record");
  EXPECT_EQ(end_of(3, 1, {.fail_ratio = 0.01}).exit_code, ExitCode::incomplete);
  EXPECT_EQ(end_of(3, 3, {.fail_ratio = 1}).exit_code, ExitCode::complete);
}

TEST(PlanStop, CountsWhatTheInterruptedRunSettled) {
  EXPECT_EQ(end_of(10, 1, {.fail_ratio = 0.01, .users_before = 90}).exit_code, ExitCode::complete);
  EXPECT_EQ(end_of(10, 0, {.fail_ratio = 0.01, .users_before = 90, .failures_before = 2}).exit_code,
            ExitCode::incomplete);
}

}  // namespace
}  // namespace repopipe
