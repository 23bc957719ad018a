// Lists that bring users: the number of their account, and the users that they name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Plan plan_of_acme(PlanOptions options = {}) {
  Plan plan(options, kPlainProvider, Time{});
  plan.offer({{.login = "acme", .resource = kMembers.id}});
  return plan;
}

TaskResult account_told(const Task& task, std::int64_t id, std::string login) {
  return {.task = task, .log = {.page = 0, .status = 200}, .result = Account{id, std::move(login)}};
}

// The list, after the number of its account was answered.
Listing list_acme(Plan& plan, std::int64_t id = 7) {
  plan.complete(account_told(sent(plan), id, "acme"), at(0s));
  plan.complete(page(sent(plan)), at(0s));
  return step<Write>(plan).listing;
}

TEST(PlanMembers, AsksForTheNumberBeforeTheList) {
  Plan plan = plan_of_acme();
  const Task who = sent(plan);
  EXPECT_EQ(who.request.kind, RequestKind::account);
  EXPECT_EQ(who.request.target, "/who/acme");
  plan.complete(account_told(who, 7, "acme"), at(0s));
  const Task list = sent(plan);
  EXPECT_EQ(list.request.kind, RequestKind::page);
  EXPECT_EQ(list.resource, kMembers.id);
  plan.complete(page(list), at(0s));
  const Listing listing = step<Write>(plan).listing;
  EXPECT_EQ(listing.account, 7);
  EXPECT_EQ(listing.resource, kMembers.id);
  EXPECT_EQ(listing.outcome, Outcome::ok);
}

TEST(PlanMembers, AreListedOnceTheListIsStored) {
  Plan plan = plan_of_acme();
  const Listing listing = list_acme(plan);
  plan.committed(listing.subject, Stored{.login = "acme", .accounts = {"mona", "hubot"}}, at(0s));
  const Expand expand = step<Expand>(plan);
  ASSERT_EQ(expand.subjects.size(), 2U);
  EXPECT_EQ(expand.subjects.front().resource, kRepositoriesId);
  plan.expanded({{.login = "hubot"}});  // the other one was listed before
  const Task task = sent(plan);
  EXPECT_EQ(task.login, "hubot");
  plan.complete(page(task), at(0s));
  stored(plan);
  step<Finished>(plan);
  EXPECT_EQ(plan.users_settled(), 1U);
  EXPECT_EQ(plan.end().status, RunStatus::complete);
}

TEST(PlanMembers, AndTheRepositoriesOfAnOrganisationAreTwoSubjects) {
  Plan plan = plan_of_acme();
  plan.offer({{.login = "Acme"}});
  const Task who = sent(plan);
  const Task repositories = sent(plan);
  EXPECT_EQ(who.request.kind, RequestKind::account);
  EXPECT_EQ(repositories.resource, kRepositoriesId);
  plan.complete(failure(who, FailureKind::unexpected_status, 400), at(0s));  // drops its tasks only
  plan.complete(page(repositories), at(0s));
  EXPECT_EQ(step<Write>(plan).listing.outcome, Outcome::failed);
  EXPECT_EQ(step<Write>(plan).listing.outcome, Outcome::ok);
}

TEST(PlanMembers, OfAListThatFailsMakeTheRunIncompleteWhateverTheRatio) {
  Plan plan = plan_of_acme({.fail_ratio = 1});
  plan.complete(failure(sent(plan), FailureKind::unexpected_status, 400), at(0s));
  const Listing listing = step<Write>(plan).listing;
  plan.committed(listing.subject,
                 Stored{.login = "acme", .outcome = Outcome::failed, .accounts = {"mona"}}, at(0s));
  EXPECT_EQ(step<Expand>(plan).subjects.front().login, "mona");  // the last known
  plan.expanded({});
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::incomplete);
  EXPECT_THAT(plan.end().error, HasSubstr("acme"));
}

TEST(PlanMembers, OfAListThatIsRefusedMakeTheRunIncomplete) {
  Plan plan = plan_of_acme({.fail_ratio = 1});
  const Listing listing = list_acme(plan);
  plan.committed(listing.subject,
                 Stored{.login = "acme", .outcome = Outcome::failed, .refused = "too many"},
                 at(0s));
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::incomplete);
  EXPECT_EQ(plan.end().error, "too many");
}

TEST(PlanMembers, OfAListThatFailedBeforeAnInterruptionStillMakeTheRunIncomplete) {
  Plan plan({.lists_failed_before = 1}, kPlainProvider, Time{});
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::incomplete);
}

TEST(PlanMembers, OfALoginThatLeadsToAnotherAccountAreReadAnew) {
  Plan plan({}, kPlainProvider, Time{});
  const KnownPage known{.number = 1,
                        .principal = std::string(kAnonymous),
                        .etag = "\"1\"",
                        .target = "/acme",
                        .records = 3};
  plan.offer({{.login = "acme",
               .account = 6,
               .pages = {known},
               .known_records = 3,
               .resource = kMembers.id}});
  plan.complete(account_told(sent(plan), 7, "acme"), at(0s));
  const Task list = sent(plan);
  EXPECT_THAT(list.request.etag, IsEmpty());
  plan.complete(page(list), at(0s));
  const Task former = sent(plan);
  EXPECT_EQ(former.request.target, "/user/6");
  plan.complete(account_told(former, 6, "acme-old"), at(0s));
  const Listing listing = step<Write>(plan).listing;
  EXPECT_EQ(listing.account, 7);
  EXPECT_EQ(listing.renamed_account, (Account{6, "acme-old"}));
}

TEST(PlanMembers, OfARenamedOrganisationAreFoundByItsNumber) {
  Plan plan({.attempts = 1}, kPlainProvider, Time{});
  plan.offer({{.login = "acme", .account = 7, .resource = kMembers.id}});
  Task who = sent(plan);
  for (int i = 0; i < 2; ++i) {  // 404 is asked twice
    plan.complete(failure(who, FailureKind::not_found, 404), at(i * 60s));
    who = sent(plan, (i + 1) * 60s);
  }
  EXPECT_EQ(who.request.target, "/user/7");
  plan.complete(account_told(who, 7, "acme-new"), at(120s));
  const Task list = sent(plan, 120s);
  EXPECT_EQ(list.request.target, "/user/7/repos");  // by number
  plan.complete(page(list), at(120s));
  const Listing listing = step<Write>(plan, 120s).listing;
  EXPECT_TRUE(listing.moved);
  EXPECT_EQ(listing.account, 7);
}

TEST(PlanMembers, OfAnAccountWithoutSuchAListAreAFailureThatSaysSo) {
  Plan plan = plan_of_acme();
  plan.complete(account_told(sent(plan), 7, "acme"), at(0s));
  plan.complete(failure(sent(plan), FailureKind::not_found, 404), at(0s));
  plan.complete(failure(sent(plan, 60s), FailureKind::not_found, 404), at(60s));
  const Listing listing = step<Write>(plan, 60s).listing;
  EXPECT_EQ(listing.outcome, Outcome::failed);
  EXPECT_THAT(listing.error, HasSubstr("it has no list of members"));
}

}  // namespace
}  // namespace repopipe
