// Lost workers and a queue that fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::ElementsAre;

// The result of a task whose worker was lost.
TaskResult lost(Task task) {
  ++task.losses;
  return failure(task, FailureKind::worker_lost);
}

TaskResult crashed(Task task) {
  ++task.crashes;
  return failure(task, FailureKind::worker_crashed);
}

TaskResult no_queue(const Task& task) {
  TaskResult task_result = failure(task, FailureKind::queue);
  task_result.result = fail(FailureKind::queue, "redis at localhost cannot be reached");
  return task_result;
}

std::vector<std::string> outcomes(const Listing& listing) {
  std::vector<std::string> all;
  for (const RequestLog& log : listing.request_logs) all.push_back(log.outcome);
  return all;
}

TEST(PlanWorkers, SendALostTaskAgainAtOnceAndCountNoAttempt) {
  for (const auto& home : {lost, crashed}) {
    Plan plan = plan_for({"a", "b"}, {.attempts = 1});
    const Task first = sent(plan);
    plan.complete(home(first), at(1s));
    const Task again = sent(plan, 1s);  // before new users
    EXPECT_EQ(again.login, "a");
    EXPECT_EQ(again.attempt, 1);
    EXPECT_EQ(again.request, first.request);
    EXPECT_NE(again.id, first.id);
    EXPECT_EQ(again.losses + again.crashes, 1);
    plan.complete(page(again), at(2s));
    EXPECT_EQ(stored(plan, 2s).outcome, Outcome::ok);
  }
}

TEST(PlanWorkers, KeepWhatBecameOfEachExchange) {
  Plan plan = plan_for({"a"});
  for (const FailureKind kind : {FailureKind::worker_lost, FailureKind::worker_crashed}) {
    TaskResult task_result = failure(sent(plan), kind);
    task_result.log.outcome = policy_of(kind).name;
    plan.complete(std::move(task_result), at(0s));
  }
  plan.complete(page(sent(plan)), at(0s));
  EXPECT_THAT(outcomes(stored(plan)), ElementsAre("worker_lost", "worker_crashed", "ok"));
}

// The request may have reached the API.
TEST(PlanWorkers, CountALostTaskAmongTheRequestsOfAMinute) {
  PlanOptions options;
  options.limits.pace.requests_per_minute = 2;
  Plan plan = plan_for({"a"}, options);
  plan.complete(lost(sent(plan)), at(0s));
  plan.complete(lost(sent(plan)), at(1s));
  step<Notice>(plan, 1s);
  EXPECT_EQ(step<WaitUntil>(plan, 1s), WaitUntil{at(60s)});
  EXPECT_EQ(sent(plan, 60s).losses, 2);
}

TEST(PlanWorkers, AreNoSignOfStrain) {
  PlanOptions options;
  options.limits.concurrency = 8;
  Plan plan = plan_for({"a", "b", "c", "d"}, options);
  std::vector<Task> out;
  for (int i = 0; i < 4; ++i) out.push_back(sent(plan));
  for (const Task& task : out) plan.complete(crashed(task), at(0s));
  for (int i = 0; i < 4; ++i) sent(plan);  // all at once, as before
}

TEST(PlanWorkers, FailTheUserOverWhomThreeHaveCrashed) {
  Plan plan = plan_for({"bad", "good"}, {.fail_ratio = 0.5});
  for (int i = 0; i < 3; ++i) plan.complete(crashed(sent(plan)), at(0s));
  const Listing bad = stored(plan);
  EXPECT_EQ(bad.login, "bad");
  EXPECT_EQ(bad.outcome, Outcome::failed);
  EXPECT_EQ(bad.error, "bad: worker_crashed; that happened 3 times");
  plan.complete(page(sent(plan)), at(0s));
  EXPECT_EQ(stored(plan).outcome, Outcome::ok);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::complete);  // one of two may fail
}

TEST(PlanWorkers, FailTheUserWithWhomTwentyWereLost) {
  Plan plan = plan_for({"bad"});
  for (int i = 0; i < 20; ++i) plan.complete(lost(sent(plan)), at(0s));
  EXPECT_EQ(stored(plan).error, "bad: worker_lost; that happened 20 times");
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::incomplete);
}

TEST(PlanWorkers, CountCrashesAndLossesApart) {
  Plan plan = plan_for({"bad"});
  for (int i = 0; i < 19; ++i) plan.complete(lost(sent(plan)), at(0s));
  for (int i = 0; i < 3; ++i) plan.complete(crashed(sent(plan)), at(0s));
  EXPECT_EQ(stored(plan).error, "bad: worker_crashed; that happened 22 times");
}

TEST(PlanWorkers, CountEachPageForItself) {
  Plan plan = plan_for({"a"});
  plan.complete(crashed(sent(plan)), at(0s));
  plan.complete(crashed(sent(plan)), at(0s));
  plan.complete(page(sent(plan), 2), at(0s));
  const Task second = sent(plan);
  EXPECT_EQ(second.crashes, 0);
  plan.complete(crashed(second), at(0s));
  plan.complete(page(sent(plan)), at(0s));
  EXPECT_EQ(stored(plan).outcome, Outcome::ok);
}

// A failed request for the owner of a token has no further effect.
TEST(PlanWorkers, ContinueWithoutTheOwnerOfATokenThatCrashesThem) {
  Plan plan = plan_for({"a"}, {.principals = tokens(2)});
  Task owner = sent(plan);
  const Task other = sent(plan);
  for (int crashes = 1; crashes <= 3; ++crashes) {
    plan.complete(crashed(owner), at(0s));
    if (crashes < 3) owner = sent(plan);
  }
  plan.complete({.task = other, .log = {.status = 200}, .result = Account{2, "b"}}, at(0s));
  const Listing listing = step<Write>(plan).listing;
  EXPECT_EQ(listing.login, "");
  plan.committed(listing.subject, Stored{.outcome = Outcome::abandoned}, at(0s));
  EXPECT_EQ(sent(plan).login, "a");
}

TEST(PlanWorkers, LeaveTheirTasksWhenTheRunStops) {
  Plan plan = plan_for({"a"});
  const Task task = sent(plan);
  plan.stop(RunStatus::interrupted, ExitCode::interrupted, "interrupted");
  plan.complete(lost(task), at(0s));
  EXPECT_EQ(step<Write>(plan).listing.outcome, Outcome::abandoned);
}

// Fails each attempt of a task until the plan ends; returns the messages.
struct Outage {
  std::vector<Duration> pauses;
  std::vector<std::string> words;
};

Outage live_through(Plan& plan) {
  Outage outage;
  Duration now{};
  while (true) {
    Action next = plan.next(at(now));
    if (const auto* send = std::get_if<Send>(&next)) {
      plan.complete(no_queue(send->task), at(now));
    } else if (const auto* wait = std::get_if<WaitUntil>(&next)) {
      outage.pauses.push_back(wait->time - at(now));
      now = wait->time - at(0s);
    } else if (const auto* say = std::get_if<Notice>(&next)) {
      outage.words.push_back(say->text);
    } else if (const auto* keep = std::get_if<Write>(&next)) {
      plan.committed(keep->listing.subject, Stored{.outcome = keep->listing.outcome}, at(now));
    } else if (std::holds_alternative<Finished>(next)) {
      return outage;
    } else if (std::holds_alternative<ReadSubjects>(next)) {
      plan.offer({});
    }
  }
}

TEST(PlanQueue, IsAskedLessAndLessOftenAndGivenUpAfterAWhile) {
  Plan plan = plan_for({"a"}, {.attempts = 1, .max_wait = 20s});
  const Outage outage = live_through(plan);
  EXPECT_THAT(outage.pauses, ElementsAre(250ms, 500ms, 1s, 2s, 4s, 5s, 5s, 5s));
  EXPECT_THAT(outage.words, ElementsAre("waiting: redis at localhost cannot be reached"));
  EXPECT_EQ(plan.end().status, RunStatus::failed);
  EXPECT_EQ(plan.end().exit_code, ExitCode::unreachable);
  EXPECT_EQ(plan.end().error, "redis at localhost cannot be reached since 23 s");
  EXPECT_EQ(waited(plan, WaitCause::queue).time, plan.end().times.waiting);
}

TEST(PlanQueue, StopsAllRequests) {
  Plan plan = plan_for({"a", "b", "c"});
  const Task a = sent(plan), b = sent(plan);
  plan.complete(no_queue(a), at(1ms));
  step<CancelQueued>(plan);  // tasks that wait in the queue are cancelled too
  EXPECT_EQ(step<WaitUntil>(plan, 2ms), WaitUntil{at(251ms)});
  plan.complete(no_queue(b), at(2ms));  // no new information: it was sent before
  step<Notice>(plan, 2ms);
  EXPECT_EQ(step<WaitUntil>(plan, 2ms), WaitUntil{at(251ms)});
  EXPECT_EQ(sent(plan, 251ms).login, "b");
  EXPECT_EQ(sent(plan, 251ms).login, "a");
  EXPECT_EQ(sent(plan, 251ms).login, "c");
}

TEST(PlanQueue, IsNoExchangeAndNoRequestOfTheMinute) {
  PlanOptions options;
  options.limits.pace.requests_per_minute = 1;
  Plan plan = plan_for({"a"}, options);
  plan.complete(no_queue(sent(plan)), at(0s));
  plan.complete(page(sent(plan, 250ms)), at(300ms));
  EXPECT_EQ(stored(plan, 300ms).request_logs.size(), 1U);
}

// Any message of a worker proves that there is one.
TEST(PlanQueue, IsTrustedAgainOnceAWorkerHasSettledSomething) {
  const auto a_page = [](const Task& task) { return page(task, 2); };
  const auto failed = [](FailureKind kind) {
    return [kind](const Task& task) { return failure(task, kind); };
  };
  const std::vector<std::function<TaskResult(const Task&)>> signs{
      a_page, failed(FailureKind::connect), failed(FailureKind::server_error),
      failed(FailureKind::not_found), failed(FailureKind::malformed)};
  for (std::size_t i = 0; i < signs.size(); ++i) {
    SCOPED_TRACE(i);
    PlanOptions options{.max_wait = 1h};
    options.limits.first_pause = 1ms;
    Plan plan = plan_for({"a", "b", "c"}, options);
    plan.complete(no_queue(sent(plan)), at(0s));
    plan.complete(no_queue(sent(plan, 250ms)), at(250ms));
    plan.complete(signs[i](sent(plan, 750ms)), at(750ms));
    plan.complete(no_queue(sent(plan, 800ms)), at(800ms));
    step<Notice>(plan, 800ms);
    EXPECT_EQ(step<WaitUntil>(plan, 800ms), WaitUntil{at(1050ms)});  // the first pause again
  }
}

// A lost worker is detected by the run, so it proves nothing about the queue.
TEST(PlanQueue, IsNotTrustedForALostWorker) {
  Plan plan = plan_for({"a"});
  plan.complete(no_queue(sent(plan)), at(0s));
  plan.complete(lost(sent(plan, 250ms)), at(250ms));
  plan.complete(no_queue(sent(plan, 300ms)), at(300ms));
  step<Notice>(plan, 300ms);
  EXPECT_EQ(step<WaitUntil>(plan, 300ms), WaitUntil{at(800ms)});
}

}  // namespace
}  // namespace repopipe
