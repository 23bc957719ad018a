// Conditional requests.
#include <gtest/gtest.h>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

// A user of two pages, as the database knows it under the first token.
Subject known_user() {
  return {.login = "a",
          .pages = {{.number = 1,
                     .principal = "identity-0",
                     .etag = "W/\"one\"",
                     .target = "/a",
                     .next = "/a",
                     .records = 100},
                    {.number = 2,
                     .principal = "identity-0",
                     .etag = "W/\"two\"",
                     .target = "/a",
                     .records = 3}}};
}

Plan plan_for_known_user(Subject subject = known_user()) {
  Plan plan({.principals = tokens(1)}, kPlainProvider, Time{});
  plan.offer({std::move(subject)});
  return plan;
}

// A 304 with the follow-ups that a provider would return.
TaskResult unchanged(const Task& task) {
  TaskResult task_result = page(task, task.request.next.empty() ? 1 : task.request.last_known);
  std::get<PageRead>(*task_result.result).page.state = PageState::not_modified;
  task_result.log.status = 304;
  return task_result;
}

TEST(PlanConditional, AsksWithTheETagOfEachPage) {
  Plan plan = plan_for_known_user();
  const Task first = sent(plan);
  EXPECT_EQ(first.request.etag, "W/\"one\"");
  EXPECT_EQ(first.request.next, "/a");
  EXPECT_EQ(first.request.last_known, 2);
  plan.complete(unchanged(first), at(0s));
  const Task second = sent(plan);
  EXPECT_EQ(second.request.page, 2);
  EXPECT_EQ(second.request.etag, "W/\"two\"");
  plan.complete(unchanged(second), at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::unchanged);
  EXPECT_EQ(listing.pages.at(0).not_modified_records, 100U);
  EXPECT_EQ(listing.pages.at(1).not_modified_records, 3U);
}

TEST(PlanConditional, ReadsOnlyThePageThatHasChanged) {
  Plan plan = plan_for_known_user();
  plan.complete(unchanged(sent(plan)), at(0s));
  plan.complete(page(sent(plan)), at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::ok);
  EXPECT_EQ(listing.pages.at(0).state, PageState::not_modified);
  EXPECT_EQ(listing.pages.at(1).state, PageState::read);
  EXPECT_EQ(listing.pages.at(1).validator.principal, "identity-0");
}

TEST(PlanConditional, UsesNoETagOfAnotherToken) {
  Subject subject = known_user();
  for (KnownPage& each : subject.pages) each.principal = "identity-9";
  Plan plan = plan_for_known_user(std::move(subject));
  EXPECT_EQ(sent(plan).request.etag, "");
}

TEST(PlanConditional, UsesNoETagOfAnotherAddress) {
  Subject subject = known_user();
  subject.pages.at(0).target = "/a?50";
  Plan plan = plan_for_known_user(std::move(subject));
  EXPECT_EQ(sent(plan).request.etag, "");
}

TEST(PlanConditional, UsesTheETagOfTheAddressItIsRedirectedTo) {
  Subject subject = known_user();
  subject.pages.at(0).target = "/user/5";
  Plan plan = plan_for_known_user(std::move(subject));
  const Task first = sent(plan);
  EXPECT_EQ(first.request.etag, "");
  plan.complete({.task = first, .result = Redirect{"/user/5"}}, at(0s));
  EXPECT_EQ(sent(plan).request.etag, "W/\"one\"");
}

TEST(PlanConditional, ForgetsETagsWhenATokenIsBenched) {
  Plan plan({.principals = tokens(2)}, kPlainProvider, Time{});
  Subject subject = known_user();
  const PrincipalTable both(tokens(2));
  const std::uint32_t home = both.of("a");
  for (KnownPage& each : subject.pages) each.principal = both[home].identity;
  plan.offer({std::move(subject)});
  learn_owners(plan, {1, 2});
  const Task first = sent(plan);
  EXPECT_EQ(first.principal, home);
  EXPECT_EQ(first.request.etag, "W/\"one\"");
  plan.complete(failure(first, FailureKind::bad_token, 401), at(0s));
  step<Notice>(plan);
  const Task again = sent(plan);
  EXPECT_NE(again.principal, home);
  EXPECT_EQ(again.request.etag, "");
}

}  // namespace
}  // namespace repopipe
