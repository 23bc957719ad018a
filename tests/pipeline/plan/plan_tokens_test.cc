// Several tokens: owners, users, and invalid tokens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;

// Completes all tasks; those of the principal `bad` get a 401.
std::map<std::string, std::uint32_t> finish(Plan& plan, std::uint32_t bad) {
  std::map<std::string, std::uint32_t> by;
  for (int count = 0; count < 10'000; ++count) {
    Action next = plan.next(at(0s));
    if (auto* send = std::get_if<Send>(&next)) {
      const Task& task = send->task;
      if (task.principal == bad) {
        plan.complete(failure(task, FailureKind::bad_token, 401), at(0s));
      } else {
        by[task.login] = task.principal;
        plan.complete(page(task), at(0s));
      }
    } else if (auto* keep = std::get_if<Write>(&next)) {
      plan.committed(keep->listing.subject, Stored{.outcome = keep->listing.outcome}, at(0s));
    } else if (std::holds_alternative<ReadSubjects>(next)) {
      plan.offer({});
    } else if (std::holds_alternative<Finished>(next)) {
      return by;
    }
  }
  ADD_FAILURE() << "the run does not end";
  return by;
}

TEST(PlanTokens, AsksForOwnersBeforeAllElseAndOnce) {
  Plan plan = plan_for({"a"}, {.principals = tokens(2)});
  EXPECT_EQ(sent(plan).request.kind, RequestKind::owner);
  EXPECT_EQ(sent(plan).request.kind, RequestKind::owner);
  step<Wait>(plan);
}

TEST(PlanTokens, AsksForNoOwnerOfASingleToken) {
  Plan plan = plan_for({"a"}, {.principals = tokens(1)});
  EXPECT_EQ(sent(plan).request.kind, RequestKind::page);
}

TEST(PlanTokens, SaysThatTwoTokensShareOneQuota) {
  Plan plan = plan_for({}, {.principals = tokens(2)});
  const Task first = sent(plan);
  const Task second = sent(plan);
  plan.complete({.task = first, .result = Account{7, "octocat"}}, at(0s));
  plan.complete({.task = second, .result = Account{7, "octocat"}}, at(0s));
  const Notice say = step<Notice>(plan);
  EXPECT_EQ(say.weight, Severity::warning);
  EXPECT_EQ(say.text, "t0 and t1 belong to the same account, octocat: they share one quota");
}

TEST(PlanTokens, HoldsBackBothTokensOfOneOwner) {
  Plan plan = plan_for(many(8), {.principals = tokens(2)});
  learn_owners(plan, {7, 7});
  TaskResult limited = failure(sent(plan), FailureKind::rate_limited, 403);
  limited.rate_limits.wait = 30s;
  plan.complete(limited, at(0s));
  step<Notice>(plan);
  EXPECT_EQ(step<WaitUntil>(plan), WaitUntil{at(30s)});
}

TEST(PlanTokens, ContinuesWhenTheApiDoesNotNameTheOwner) {
  Plan plan = plan_for({"a"}, {.attempts = 1, .principals = tokens(2)});
  const Task first = sent(plan);
  const Task second = sent(plan);
  plan.complete(failure(first, FailureKind::blocked, 403), at(0s));
  plan.complete(failure(second, FailureKind::server_error, 500), at(0s));
  const Task a = sent(plan);
  EXPECT_EQ(a.login, "a");
  plan.complete(page(a), at(0s));  // so only the second token's request failed
  EXPECT_EQ(stored(plan).login, "");
  EXPECT_EQ(stored(plan).login, "a");
}

TEST(PlanTokens, KeepsTheExchangesOfTheTokensThemselves) {
  Plan plan = plan_for({}, {.principals = tokens(2)});
  const Task first = sent(plan);
  const Task second = sent(plan);
  plan.complete({.task = first, .result = Account{1, "x"}}, at(0s));
  plan.complete({.task = second, .result = Account{2, "y"}}, at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::abandoned);  // it is no user
  EXPECT_EQ(listing.request_logs.size(), 2U);
  step<Finished>(plan);
}

TEST(PlanTokens, GivesTheUsersOfABadTokenToTheOthers) {
  Plan plan = plan_for(many(60), {.credits = 7, .principals = tokens(3)});
  learn_owners(plan, {1, 2, 3});
  const auto by = finish(plan, 1);
  EXPECT_EQ(by.size(), 60U);
  for (const auto& [login, principal] : by) EXPECT_NE(principal, 1U) << login;
  EXPECT_EQ(plan.end().exit_code, ExitCode::complete);
}

TEST(PlanTokens, NamesABadTokenOnce) {
  Plan plan = plan_for(many(8), {.principals = tokens(2)});
  learn_owners(plan, {1, 2});
  Action next = plan.next(at(0s));
  std::vector<Task> out;
  while (auto* send = std::get_if<Send>(&next)) {
    out.push_back(send->task);
    next = plan.next(at(0s));
    if (std::holds_alternative<ReadSubjects>(next)) {
      plan.offer({});
      next = plan.next(at(0s));
    }
  }
  for (const Task& task : out) {
    if (task.principal == 0) {
      plan.complete(failure(task, FailureKind::bad_token, 401), at(0s));
    }
  }
  const Notice say = step<Notice>(plan);
  EXPECT_EQ(say.weight, Severity::warning);
  EXPECT_THAT(say.text, HasSubstr("t0 is not valid, its users go to the others"));
  EXPECT_EQ(sent(plan).principal, 1U);
}

TEST(PlanTokens, EndsWhenNoneIsLeft) {
  Plan plan = plan_for({"a"}, {.principals = tokens(1)});
  plan.complete(failure(sent(plan), FailureKind::bad_token, 401), at(0s));
  EXPECT_EQ(stored(plan).outcome, Outcome::abandoned);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::no_token);
  EXPECT_EQ(plan.end().error, "t0 is not valid: a: bad_token");
}

TEST(PlanTokens, TellsAtTheEndWhatTheApiToldOfEach) {
  Plan plan = plan_for({"a"}, {.principals = tokens(2)});
  TaskResult owner{
      .task = sent(plan), .log = {.page = 0, .status = 200}, .result = Account{1, "owner"}};
  owner.rate_limits.quota = Quota{5000, 4000, 1'795'000'000, 1h};
  owner.rate_limits.token_ends_in = 24h;
  plan.complete(std::move(owner), at(2s));
  const std::vector<TokenState> states = plan.end().tokens;
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states[0], (TokenState{.token = "env:T0",
                                   .quota_limit = 5000,
                                   .remaining = 4000,
                                   .resets_at = 1'795'000'000,
                                   .ends_at = at(24h + 2s)}));
  EXPECT_EQ(states[1], (TokenState{.token = "env:T1"}));
}

TEST(PlanTokens, AsksForOneWhenTheApiWantsOne) {
  Plan plan = plan_for({"a"});
  plan.complete(failure(sent(plan), FailureKind::bad_token, 401), at(0s));
  stored(plan);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().error, "the API wants a token, see provider.tokens: a: bad_token");
}

TEST(PlanTokens, EndsWhenAllAreBadFromTheStart) {
  Plan plan = plan_for({"a"}, {.principals = tokens(2)});
  const Task first = sent(plan);
  const Task second = sent(plan);
  plan.complete(failure(first, FailureKind::bad_token, 401), at(0s));
  plan.complete(failure(second, FailureKind::bad_token, 401), at(0s));
  step<Notice>(plan);
  stored(plan);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::no_token);
}

TEST(PlanTokens, DoubtsA401WithoutAReasonOnce) {
  Plan plan = plan_for({"a", "b"}, {.credits = 1, .principals = tokens(1)});
  plan.complete(failure(sent(plan), FailureKind::unauthorized, 401), at(0s));
  plan.complete(page(sent(plan)), at(0s));
  EXPECT_EQ(stored(plan).outcome, Outcome::ok);
  plan.complete(failure(sent(plan), FailureKind::unauthorized, 401), at(0s));
  plan.complete(failure(sent(plan), FailureKind::unauthorized, 401), at(0s));
  stored(plan);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::no_token);
}

TEST(PlanTokens, WarnsOnceOfATokenThatEndsSoon) {
  Plan plan = plan_for({"a", "b", "c"}, {.credits = 1, .principals = tokens(1)});
  for (const Duration left : {Duration(15 * 24h), Duration(3 * 24h), Duration(2 * 24h)}) {
    TaskResult task_result = page(sent(plan));
    task_result.rate_limits.token_ends_in = left;
    plan.complete(task_result, at(0s));
    if (left == Duration(3 * 24h)) {
      EXPECT_EQ(step<Notice>(plan).text, "t0 expires in 3 days");
    }
    stored(plan);
  }
  step<Finished>(plan);
}

}  // namespace
}  // namespace repopipe
