// Requests about accounts: who has a login now, and whether an account is gone.
#include <gtest/gtest.h>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/made_up_api.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

constexpr std::int64_t kFormer = 77;

Plan plan_for_login(std::string login, const PlanOptions& options = {}) {
  Plan plan(options, kPlainProvider, Time{});
  plan.offer({{.login = std::move(login), .account = kFormer, .known_records = 2}});
  return plan;
}

TaskResult page_of(const Task& task, std::int64_t owner, std::string_view login) {
  TaskResult task_result = page(task);
  std::get<PageRead>(*task_result.result).page.rows = one_repo(owner, login);
  return task_result;
}

TaskResult account(const Task& task, std::int64_t id, std::string login) {
  return {.task = task, .log = {.page = 0, .status = 200}, .result = Account{id, std::move(login)}};
}

TaskResult missing(const Task& task) {
  return failure(task, FailureKind::not_found, 404);
}

// The login leads to account 99; returns the task that requests account 77.
Task asked_for_former(Plan& plan) {
  plan.complete(page_of(sent(plan), 99, "Alice"), at(0s));
  const Task who = sent(plan);
  EXPECT_EQ(who.request.target, "/user/77");
  return who;
}

TEST(PlanAccounts, AskNothingWhenTheLoginLeadsToTheSameAccount) {
  for (const auto& [owner, login] : std::vector<std::pair<std::int64_t, std::string>>{
           {kFormer, "alice"}, {kFormer, "another"}}) {
    Plan plan = plan_for_login("alice");
    plan.complete(page_of(sent(plan), owner, login), at(0s));
    EXPECT_EQ(stored(plan).outcome, Outcome::ok);
    step<Finished>(plan);
  }
}

// Whatever login the rows of the other account have.
TEST(PlanAccounts, AreAskedForWhenNoRowIsTheirs) {
  for (const std::string owner : {"alice", "another"}) {
    Plan plan = plan_for_login("alice");
    plan.complete(page_of(sent(plan), 99, owner), at(0s));
    const Task who = sent(plan);
    EXPECT_EQ(who.request.kind, RequestKind::account);
    plan.complete(missing(who), at(0s));
    plan.complete(missing(sent(plan)), at(0s));
    EXPECT_EQ(stored(plan).proven_gone, kFormer);
  }
}

TEST(PlanAccounts, AreRenamedWhenTheFormerOneHasAnotherLogin) {
  Plan plan = plan_for_login("alice");
  plan.complete(account(asked_for_former(plan), kFormer, "alicia"), at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::ok);
  EXPECT_EQ(listing.renamed_account, (Account{kFormer, "alicia"}));
  EXPECT_EQ(listing.proven_gone, std::nullopt);
  EXPECT_EQ(listing.pages.size(), 1U);
  step<Finished>(plan);
}

TEST(PlanAccounts, AreGoneWhenTheFormerOneIsTwiceNotFound) {
  Plan plan = plan_for_login("alice");
  plan.complete(missing(asked_for_former(plan)), at(0s));
  plan.complete(missing(sent(plan)), at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::ok);
  EXPECT_EQ(listing.proven_gone, kFormer);
  EXPECT_EQ(listing.renamed_account, std::nullopt);
}

TEST(PlanAccounts, AreNeitherWhenTheAnswerContradictsItself) {
  for (const Account& answer : {Account{kFormer, "ALICE"}, Account{78, "alicia"}}) {
    Plan plan = plan_for_login("alice");
    plan.complete(account(asked_for_former(plan), answer.id, answer.login), at(0s));
    const Listing listing = stored(plan);
    EXPECT_EQ(listing.outcome, Outcome::ok);
    EXPECT_EQ(listing.proven_gone, std::nullopt);
    EXPECT_EQ(listing.renamed_account, std::nullopt);
  }
}

TEST(PlanAccounts, KeepTheListWhenNothingIsLearnedOfTheFormerOne) {
  for (const FailureKind kind :
       {FailureKind::server_error, FailureKind::blocked, FailureKind::unexpected_status,
        FailureKind::malformed, FailureKind::incomplete_list}) {
    Plan plan = plan_for_login("alice", {.attempts = 1});
    plan.complete(failure(asked_for_former(plan), kind, 500), at(0s));
    const Listing listing = stored(plan);
    EXPECT_EQ(listing.outcome, Outcome::ok) << policy_of(kind).name;
    EXPECT_EQ(listing.pages.size(), 1U);
    EXPECT_EQ(listing.proven_gone, std::nullopt);
    step<Finished>(plan);
  }
}

TEST(PlanAccounts, AreNotAskedForAfterAListThatIsNotWhole) {
  Plan plan = plan_for_login("alice", {.attempts = 1});
  TaskResult first = page_of(sent(plan), 99, "alice");
  std::get<PageRead>(*first.result).follow_ups = {{.target = "/alice", .page = 2}};
  plan.complete(first, at(0s));
  plan.complete(failure(sent(plan), FailureKind::incomplete_list, 409), at(0s));
  EXPECT_EQ(stored(plan).outcome, Outcome::failed);
  step<Finished>(plan);
}

TEST(PlanAccounts, AreHiddenWhenTheirListIsMissingUnderEveryAddress) {
  Plan plan = plan_for_login("alice");
  for (int i = 0; i < 2; ++i) plan.complete(missing(sent(plan)), at(0s));
  plan.complete(account(sent(plan), kFormer, "alicia"), at(0s));
  for (int i = 0; i < 2; ++i) {
    const Task by_number = sent(plan);
    EXPECT_EQ(by_number.request.target, "/user/77/repos");
    plan.complete(missing(by_number), at(0s));
  }
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::failed);
  EXPECT_EQ(listing.error, "alice: the account exists, but this token cannot see its list");
  EXPECT_EQ(listing.proven_gone, std::nullopt);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::incomplete);
}

TEST(PlanAccounts, AreNotProvenGoneWhenTheyWereNeverKnown) {
  Plan plan = plan_for({"nobody"});
  for (int i = 0; i < 2; ++i) plan.complete(missing(sent(plan)), at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::not_found);
  EXPECT_EQ(listing.proven_gone, std::nullopt);
}

TEST(PlanAccounts, AreNotProvenGoneByAFailure) {
  Plan plan = plan_for_login("alice", {.attempts = 1});
  for (int i = 0; i < 2; ++i) plan.complete(missing(sent(plan)), at(0s));
  plan.complete(failure(sent(plan), FailureKind::server_error, 500), at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::failed);
  EXPECT_EQ(listing.proven_gone, std::nullopt);
}

// How long a run takes whose users answer after 200 ms; every second one is not found.
Time end_of_run(int users, int connections, Duration backoff) {
  MadeUpApi api(connections, [](const Task& task, Time) {
    TaskResult task_result = task.login.back() % 2 == 0 ? page(task) : missing(task);
    task_result.log.timing.total = 200ms;
    return task_result;
  });
  Plan plan = plan_for(many(users), {.credits = 200, .backoff = backoff, .fail_ratio = 1});
  EXPECT_TRUE(api.run(plan, 100'000));
  EXPECT_EQ(api.listings().size(), static_cast<std::size_t>(users));
  return api.now();
}

TEST(PlanAccounts, AreLookedForAgainSideBySide) {
  EXPECT_LE(end_of_run(80, 20, 1s), at(1500ms));  // 120 requests, 20 at a time: six rounds
  EXPECT_LE(end_of_run(2, 20, 1s), at(600ms));
  EXPECT_LE(end_of_run(2000, 20, 1s), at(31s));
}

TEST(PlanAccounts, WaitForTheirSecondLookInABoundedNumber) {
  constexpr int kUsers = 20'000;
  std::size_t waiting = 0;
  std::size_t most = 0;
  MadeUpApi api(50, [&](const Task& task, Time) {
    if (!task.was_missing) most = std::max(most, ++waiting);
    if (task.was_missing) --waiting;
    TaskResult task_result = missing(task);
    task_result.log.timing.total = 1ms;
    return task_result;
  });
  Plan plan = plan_for(many(kUsers), {.credits = 60, .backoff = 1s});
  ASSERT_TRUE(api.run(plan, 10'000'000));
  EXPECT_EQ(api.listings().size(), static_cast<std::size_t>(kUsers));
  EXPECT_LE(most, 4096U + 60U);
  EXPECT_GE(most, 4096U);
  EXPECT_LE(api.now(), at(3s));  // they are requested again as soon as possible
}

}  // namespace
}  // namespace repopipe
