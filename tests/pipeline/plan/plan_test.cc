#include "pipeline/plan/plan.h"

#include <gtest/gtest.h>

#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

std::string call(const Task& task) {
  return task.login + "/" + std::to_string(task.request.page) + "#" + std::to_string(task.attempt);
}

TEST(Plan, TakesOneUserFromFirstRequestToTheEnd) {
  Plan plan = plan_for({"octocat"});
  const Task task = sent(plan, 1s);
  EXPECT_EQ(task.request.target, "/octocat");
  EXPECT_EQ(task.sent, at(1s));
  step<Wait>(plan, 1s);
  plan.complete(page(task), at(2s));
  const Listing listing = step<Write>(plan, 2s).listing;
  EXPECT_EQ(listing.login, "octocat");
  EXPECT_EQ(listing.outcome, Outcome::ok);
  EXPECT_EQ(listing.pages.size(), 1U);
  EXPECT_EQ(listing.request_logs.size(), 1U);
  step<Wait>(plan, 2s);
  plan.committed(listing.subject, Stored{.login = "octocat"}, at(3s));
  step<Finished>(plan, 3s);
  EXPECT_EQ(plan.end().status, RunStatus::complete);
  EXPECT_EQ(plan.end().exit_code, ExitCode::complete);
  EXPECT_EQ(plan.users_settled(), 1U);
}

TEST(Plan, IsOverAtOnceWithoutUsers) {
  Plan plan = plan_for({});
  step<Finished>(plan);
}

TEST(Plan, SendsFollowUpPagesAheadOfNewUsers) {
  Plan plan = plan_for({"a", "b"}, {.credits = 10});
  const Task first = sent(plan);
  plan.complete(page(first, 3), at(0s));
  EXPECT_EQ(call(sent(plan)), "a/2#1");
  EXPECT_EQ(call(sent(plan)), "a/3#1");
  EXPECT_EQ(call(sent(plan)), "b/1#1");
}

TEST(Plan, KeepsAUserWhenEveryPageIsThereInOrder) {
  Plan plan = plan_for({"a"}, {.credits = 10});
  plan.complete(page(sent(plan), 3), at(0s));
  const Task second = sent(plan);
  const Task third = sent(plan);
  plan.complete(page(third), at(0s));
  step<Wait>(plan);
  plan.complete(page(second), at(0s));
  std::vector<int> numbers;
  for (const Page& each : step<Write>(plan).listing.pages) numbers.push_back(each.number);
  EXPECT_EQ(numbers, (std::vector{1, 2, 3}));
}

TEST(Plan, TriesAgainAfterARandomWaitThatGrows) {
  Plan plan = plan_for({"a"}, {.attempts = 4, .per_page = 10, .backoff = 8s});
  Duration now{};
  for (int attempt = 1; attempt < 4; ++attempt) {
    const Task task = sent(plan, now);
    EXPECT_EQ(task.attempt, attempt);
    plan.complete(failure(task, FailureKind::server_error, 502), at(now));
    const Time due = step<WaitUntil>(plan, now).time;
    EXPECT_GE(due, at(now));
    EXPECT_LE(due, at(now) + 8s * (1 << (attempt - 1)));
    now = due - Time{};
  }
  plan.complete(failure(sent(plan, now), FailureKind::server_error, 502), at(now));
  const Listing listing = stored(plan, now);
  EXPECT_EQ(listing.outcome, Outcome::failed);
  EXPECT_EQ(listing.error, "a: server_error");
  EXPECT_EQ(listing.request_logs.size(), 4U);
  step<Finished>(plan, now);
}

TEST(Plan, ContinuesWithOthersWhileARetryWaits) {
  Plan plan = plan_for({"a", "b"}, {.backoff = 1h});
  plan.complete(failure(sent(plan), FailureKind::timeout, 0), at(0s));
  EXPECT_EQ(call(sent(plan)), "b/1#1");
}

TEST(Plan, SendsARetryThatIsDueAheadOfEverything) {
  Plan plan = plan_for({"a", "b", "c"}, {.credits = 10, .backoff = 1s});
  plan.complete(failure(sent(plan), FailureKind::server_error, 500), at(0s));
  plan.complete(page(sent(plan)), at(0s));  // b got a response, so the failure concerns a alone
  stored(plan);
  EXPECT_EQ(call(sent(plan, 1min)), "a/1#2");
  EXPECT_EQ(call(sent(plan, 1min)), "c/1#1");
}

TEST(Plan, FailsAUserOnceAndDropsItsOtherPages) {
  Plan plan = plan_for({"a", "b"}, {.credits = 3});
  plan.complete(page(sent(plan), 5), at(0s));
  const Task second = sent(plan);
  const Task third = sent(plan);
  plan.complete(failure(second, FailureKind::bad_record, 200), at(0s));
  EXPECT_EQ(call(sent(plan)), "b/1#1");  // pages 4 and 5 are not requested any more
  plan.complete(failure(third, FailureKind::server_error, 500), at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::failed);
  EXPECT_EQ(listing.error, "a: bad_record");
  EXPECT_TRUE(listing.pages.empty());
  EXPECT_EQ(listing.request_logs.size(), 3U);
}

TEST(Plan, DistinguishesNotFoundAndBlockedFromFailed) {
  Plan plan = plan_for({"a", "b", "c"}, {.credits = 1, .fail_ratio = 0});
  plan.complete(failure(sent(plan), FailureKind::not_found, 404), at(0s));
  plan.complete(failure(sent(plan), FailureKind::blocked, 451), at(0s));
  EXPECT_EQ(stored(plan).outcome, Outcome::blocked);
  plan.complete(failure(sent(plan), FailureKind::unexpected_status, 418), at(0s));
  EXPECT_EQ(stored(plan).outcome, Outcome::failed);
  plan.complete(failure(sent(plan), FailureKind::not_found, 404), at(0s));  // looked at again
  EXPECT_EQ(stored(plan).outcome, Outcome::not_found);
}

TEST(Plan, TakesSpellingsOfOneLoginForOneUser) {
  Plan plan = plan_for({"Octocat", "octocat", "OCTOCAT", "other"}, {.credits = 1});
  const Task first = sent(plan);
  EXPECT_EQ(first.login, "Octocat");
  plan.complete(page(first), at(0s));
  stored(plan);
  EXPECT_EQ(sent(plan).login, "other");
}

TEST(Plan, AsksForKeysAsItNeedsThem) {
  Plan plan({.credits = 1}, kPlainProvider, Time{});
  step<ReadSubjects>(plan);
  plan.offer({{"a"}, {"b"}});
  plan.complete(page(sent(plan)), at(0s));
  stored(plan);
  plan.complete(page(sent(plan)), at(0s));
  stored(plan);
  step<ReadSubjects>(plan);
  plan.offer({{"c"}});
  EXPECT_EQ(sent(plan).login, "c");
}

TEST(Plan, DropsUsersOfANewBlockThatAreStillUnderWay) {
  Plan plan({.credits = 2}, kPlainProvider, Time{});
  step<ReadSubjects>(plan);
  plan.offer({{"a"}});
  const Task a = sent(plan);
  step<ReadSubjects>(plan);
  plan.offer({{"b"}, {"A"}, {"c"}});
  plan.complete(page(sent(plan)), at(0s));
  stored(plan);
  plan.complete(page(a), at(0s));
  stored(plan);  // settled after the block that names it again was read
  EXPECT_EQ(sent(plan).login, "c");
}

TEST(Plan, SharesUsersAmongPrincipals) {
  std::vector<std::string> logins;
  for (int i = 0; i < 300; ++i) logins.push_back("user-" + std::to_string(i));
  Plan plan = plan_for(logins, {.credits = 300, .principals = tokens(3)});
  learn_owners(plan, {1, 2, 3});
  std::vector<int> share(3);
  for (int i = 0; i < 300; ++i) ++share.at(sent(plan).principal);
  for (const int users : share) EXPECT_NEAR(users, 100, 40);
}

TEST(Plan, KeepsPrincipalOverPagesAndRetries) {
  Plan plan = plan_for({"zebra"}, {.principals = tokens(3)});
  learn_owners(plan, {1, 2, 3});
  const Task first = sent(plan);
  plan.complete(failure(first, FailureKind::timeout, 0), at(0s));
  const Task again = sent(plan);
  EXPECT_EQ(again.principal, first.principal);
  plan.complete(page(again, 2), at(0s));
  EXPECT_EQ(sent(plan).principal, first.principal);
}

TEST(Plan, SendsNoFasterThanItMay) {
  Plan plan = plan_for({"a", "b", "c"}, {.limits = {.pace = {.requests_per_minute = 2}}});
  const Task a = sent(plan, 0s);
  const Task b = sent(plan, 10s);
  step<Wait>(plan, 11s);
  plan.complete(page(a), at(11s));
  plan.complete(page(b), at(12s));
  stored(plan, 12s);
  stored(plan, 12s);
  step<Notice>(plan, 12s);
  EXPECT_EQ(step<WaitUntil>(plan, 12s), WaitUntil{at(71s)});
  EXPECT_EQ(sent(plan, 71s).login, "c");
}

TEST(Plan, IsOverWithoutWaitingForItsPace) {
  Plan plan = plan_for({"a"}, {.limits = {.pace = {.requests_per_minute = 1}}});
  plan.complete(page(sent(plan)), at(1s));
  stored(plan, 1s);
  step<Finished>(plan, 1s);
}

TEST(Plan, SumsWhatAUserTook) {
  Plan plan = plan_for({"a"});
  TaskResult one = page(sent(plan), 2);
  one.queued = 1ms;
  one.parse = 2ms;
  one.log.timing.total = 3ms;
  plan.complete(one, at(0s));
  TaskResult two = page(sent(plan));
  two.queued = 10ms;
  two.parse = 20ms;
  two.log.timing.total = 30ms;
  plan.complete(two, at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.queued, 11ms);
  EXPECT_EQ(listing.parse, 22ms);
  EXPECT_EQ(listing.fetch, 33ms);
}

TEST(Plan, KnowsWhatTheWallTimeWentTo) {
  Plan plan = plan_for({"a"}, {.backoff = 40s});
  const Task task = sent(plan, 1s);                                      // starting: 1 s
  plan.complete(failure(task, FailureKind::server_error, 500), at(4s));  // fetching: 3 s
  const Time due = step<WaitUntil>(plan, 4s).time;
  const Task again = sent(plan, due - Time{});  // waiting
  plan.complete(page(again), due + 2s);         // fetching: 2 s
  step<Write>(plan, due + 2s - Time{});
  plan.committed(task.subject, Stored{.login = "a"}, due + 7s);  // processing: 5 s
  step<Finished>(plan, due + 7s - Time{});
  const RunTimes times = plan.end().times;
  EXPECT_EQ(times.starting, 1s);
  EXPECT_EQ(times.fetching, 5s);
  EXPECT_EQ(times.waiting, due - at(4s));
  EXPECT_EQ(waited(plan, WaitCause::retry), (Waited{due - at(4s), 1}));
  EXPECT_EQ(times.processing, 5s);
  EXPECT_EQ(times.wall(), due + 7s - Time{});
}

}  // namespace
}  // namespace repopipe
