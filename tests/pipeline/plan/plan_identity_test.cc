// Renames, lost accounts, rechecks, and listings that restart.
#include <gtest/gtest.h>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

Plan plan_for_known(std::int64_t account, const PlanOptions& options = {}) {
  Plan plan(options, kPlainProvider, Time{});
  plan.offer({{.login = "old", .account = account}});
  return plan;
}

TaskResult moved(const Task& task, std::string target) {
  return {.task = task, .log = {.status = 301}, .result = Redirect{std::move(target)}};
}

TEST(PlanIdentity, LooksAgainAtAMissingUserWhenNothingElseIsLeft) {
  Plan plan = plan_for({"a", "b"}, {.credits = 1, .backoff = 2s});
  plan.complete(failure(sent(plan), FailureKind::not_found, 404), at(0s));
  plan.complete(page(sent(plan)), at(0s));
  stored(plan);
  EXPECT_EQ(step<WaitUntil>(plan), WaitUntil{at(200ms)});
  plan.complete(page(sent(plan, 2s)), at(2s));
  EXPECT_EQ(stored(plan, 2s).outcome, Outcome::ok);
}

TEST(PlanIdentity, RechecksWithinHalfAMinuteWhileOthersContinue) {
  Plan plan = plan_for({"a", "b"}, {.credits = 1});
  plan.complete(failure(sent(plan), FailureKind::not_found, 404), at(0s));
  const Task b = sent(plan, 1s);
  plan.complete(page(b, 2), at(31s));
  EXPECT_EQ(sent(plan, 31s).login, "b");  // page 2 was ready before
}

TEST(PlanIdentity, FollowsARedirectAndReportsIt) {
  Plan plan = plan_for({"old"});
  plan.complete(moved(sent(plan), "/user/5/repos"), at(0s));
  const Task again = sent(plan);
  EXPECT_EQ(again.request.target, "/user/5/repos");
  EXPECT_EQ(again.request.redirects, 1);
  EXPECT_EQ(again.attempt, 1);
  plan.complete(page(again), at(0s));
  const Listing listing = stored(plan);
  EXPECT_TRUE(listing.moved);
  EXPECT_EQ(listing.request_logs.size(), 2U);
}

TEST(PlanIdentity, AsksByNumberWhoHasLostItsLogin) {
  Plan plan = plan_for_known(5);
  plan.complete(failure(sent(plan), FailureKind::not_found, 404), at(0s));
  plan.complete(failure(sent(plan), FailureKind::not_found, 404), at(0s));
  const Task who = sent(plan);
  EXPECT_EQ(who.request.kind, RequestKind::account);
  EXPECT_EQ(who.request.target, "/user/5");
  plan.complete({.task = who, .result = Account{5, "new"}}, at(0s));
  const Task listing = sent(plan);
  EXPECT_EQ(listing.request.target, "/user/5/repos");
  plan.complete(page(listing), at(0s));
  const Listing kept = stored(plan);
  EXPECT_EQ(kept.login, "old");
  EXPECT_TRUE(kept.moved);
  EXPECT_EQ(kept.outcome, Outcome::ok);
  step<Finished>(plan);
}

TEST(PlanIdentity, TakesANumberThatIsGoneForGone) {
  Plan plan = plan_for_known(5);
  for (int i = 0; i < 4; ++i) {  // the login twice, the number twice
    plan.complete(failure(sent(plan), FailureKind::not_found, 404), at(0s));
  }
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::not_found);
  EXPECT_EQ(listing.account, 5);
  EXPECT_EQ(listing.proven_gone, 5);
  step<Finished>(plan);
}

TEST(PlanIdentity, DoesNotCirculateWhenTheNumberStillHasTheLogin) {
  Plan plan = plan_for_known(5);
  plan.complete(failure(sent(plan), FailureKind::not_found, 404), at(0s));
  plan.complete(failure(sent(plan), FailureKind::not_found, 404), at(0s));
  plan.complete({.task = sent(plan), .result = Account{5, "OLD"}}, at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::failed);
  EXPECT_EQ(listing.error, "old: the account exists, but this token cannot see its list");
  EXPECT_EQ(listing.proven_gone, std::nullopt);
}

TEST(PlanIdentity, AsksForSmallerPagesAfterTwoFailuresOfOnePage) {
  Plan plan = plan_for({"a"}, {.per_page = 100});
  plan.complete(page(sent(plan), 2), at(0s));
  for (int attempt = 1; attempt <= 2; ++attempt) {
    const Task second = sent(plan, 1min);
    EXPECT_EQ(second.request.page, 2);
    plan.complete(failure(second, FailureKind::server_error, 502), at(1min));
  }
  const Task first = sent(plan, 2min);
  EXPECT_EQ(first.request.target, "/a?50");
  EXPECT_EQ(first.request.page, 1);
  plan.complete(page(first), at(2min));
  const Listing listing = stored(plan, 2min);
  EXPECT_EQ(listing.per_page, 50);
  EXPECT_EQ(listing.pages.size(), 1U);
  EXPECT_EQ(listing.request_logs.size(), 4U);
}

TEST(PlanIdentity, RemembersThePageSizeThatWorked) {
  Plan plan({.per_page = 100}, kPlainProvider, Time{});
  plan.offer({{.login = "a", .per_page = 25}});
  const Task task = sent(plan);
  EXPECT_EQ(task.request.target, "/a?25");
  plan.complete(page(task), at(0s));
  EXPECT_EQ(stored(plan).per_page, 25);
}

TEST(PlanIdentity, IgnoresResponsesOfAListingThatBeganAnew) {
  Plan plan = plan_for({"a"}, {.credits = 9});
  plan.complete(page(sent(plan), 3), at(0s));
  const Task second = sent(plan);
  const Task third = sent(plan);
  plan.complete(failure(second, FailureKind::server_error, 502), at(0s));
  plan.complete(failure(sent(plan, 1s), FailureKind::server_error, 502), at(1s));  // restarts
  plan.complete(page(third), at(1s));  // of the first try
  const Task anew = sent(plan, 2s);
  EXPECT_EQ(anew.request.page, 1);
  plan.complete(page(anew), at(2s));
  EXPECT_EQ(stored(plan, 2s).pages.size(), 1U);
  step<Finished>(plan, 2s);
}

TEST(PlanIdentity, WaitsForTheTasksOfAnEarlierTry) {
  Plan plan = plan_for({"a"}, {.credits = 9});
  plan.complete(page(sent(plan), 3), at(0s));
  const Task second = sent(plan);
  const Task third = sent(plan);
  plan.complete(failure(second, FailureKind::server_error, 502), at(0s));
  plan.complete(failure(sent(plan, 1s), FailureKind::server_error, 502), at(1s));  // restarts
  plan.complete(page(sent(plan, 2s)), at(2s));
  step<Wait>(plan, 2s);
  plan.complete(page(third), at(3s));
  EXPECT_EQ(stored(plan, 3s).pages.size(), 1U);
  step<Finished>(plan, 3s);
}

TEST(PlanIdentity, StopsAListingThatRepeatsAPage) {
  Plan plan = plan_for({"a"});
  TaskResult first = page(sent(plan), 2);
  std::get<PageRead>(*first.result).page.digest = 7;
  plan.complete(first, at(0s));
  TaskResult second = page(sent(plan), 3);
  std::get<PageRead>(*second.result).page.digest = 7;
  plan.complete(second, at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::failed);
  EXPECT_EQ(listing.error, "a: page 2 repeats page 1");
}

TEST(PlanIdentity, EndsTheRunWhenTheApiHasRetired) {
  Plan plan = plan_for({"a", "b"}, {.credits = 1});
  plan.complete(failure(sent(plan), FailureKind::retired, 410), at(0s));
  stored(plan);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::unreachable);
}

}  // namespace
}  // namespace repopipe
