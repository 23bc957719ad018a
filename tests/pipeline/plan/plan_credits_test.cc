// The limit on pages in memory, and which task is sent next at the limit.
#include <gtest/gtest.h>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

TEST(Credits, AreHeldByRequestsPagesAndListings) {
  Credits credits(3);
  EXPECT_TRUE(credits.is_any_left());
  credits.task_sent();
  credits.page_collected();
  EXPECT_TRUE(credits.is_any_left());
  credits.listing_left();
  EXPECT_FALSE(credits.is_any_left());  // exactly reached
  credits.task_completed();
  EXPECT_TRUE(credits.is_any_left());
  EXPECT_EQ(credits.tasks(), 0U);
}

TEST(Credits, AreBackOnceTheStoreHasWrittenAListing) {
  Credits credits(2);
  credits.page_collected();
  credits.page_collected();
  credits.listing_left();
  EXPECT_FALSE(credits.is_any_left());
  credits.listing_written(2);
  EXPECT_TRUE(credits.is_any_left());
  EXPECT_FALSE(credits.has_listings());
  EXPECT_TRUE(credits.has_uncommitted());
  credits.listing_committed();
  EXPECT_FALSE(credits.has_uncommitted());
}

TEST(PlanCredits, AreTheMostThatIsHeld) {
  Plan plan = plan_for({"a", "b", "c"}, {.credits = 2});
  const Task a = sent(plan);
  sent(plan);
  step<Wait>(plan);
  plan.complete(page(a), at(0s));
  const Listing listing = step<Write>(plan).listing;
  step<Wait>(plan);  // a's page is not in the database yet
  plan.committed(listing.subject, Stored{.login = "a"}, at(0s));
  EXPECT_EQ(sent(plan).login, "c");
}

// Requests under way, pages that are collected and listings on their way to the store, all at once.
TEST(PlanCredits, BeginsWithASubjectOnlyBelowItsCredits) {
  Plan plan = plan_for({"a", "b", "c", "d"}, {.credits = 3});
  const Task a = sent(plan);
  const Task b = sent(plan);
  sent(plan);
  step<Wait>(plan);                   // 3 requests
  plan.complete(page(a, 2), at(0s));  // 2 requests and a page
  EXPECT_EQ(sent(plan).login, "a");   // its second page needs no further credit
  step<Wait>(plan);                   // 3 requests and a page
  plan.complete(page(b), at(0s));
  const Listing listing = step<Write>(plan).listing;
  step<Wait>(plan);                       // 2 requests, 2 pages and a listing
  plan.written(listing.subject, at(0s));  // 2 requests and a page: exactly the credits
  step<Wait>(plan);
}

TEST(PlanCredits, SendsADelayedRetryThatIsDueBeforeWhatIsReadyAndNoEarlier) {
  Plan plan = plan_for({"a"}, {.attempts = 3, .backoff = 8s});
  const Task first = sent(plan);
  plan.complete(page(first, 4), at(0s));
  const Task second = sent(plan);
  plan.complete(failure(second, FailureKind::incomplete_list, 200), at(0s));
  const Task third = sent(plan);  // ready; the retry is not due
  EXPECT_EQ(third.request.page, 3);
  const Task retried = sent(plan, 8s);  // due; page 4 is ready too
  EXPECT_EQ(retried.request.page, 2);
  EXPECT_EQ(retried.attempt, 2);
  EXPECT_EQ(sent(plan, 8s).request.page, 4);
}

TEST(PlanCredits, HasTheCreditsOfAUserBackOnceTheStoreHasItsRows) {
  Plan plan = plan_for({"a", "b"}, {.credits = 1});
  plan.complete(page(sent(plan)), at(0s));
  const Listing a = step<Write>(plan).listing;
  step<Wait>(plan);
  plan.written(a.subject, at(1s));
  const Task b = sent(plan, 1s);
  EXPECT_EQ(b.login, "b");
  plan.complete(page(b), at(2s));
  step<Write>(plan, 2s);
  plan.written(b.subject, at(2s));
  step<Wait>(plan, 2s);  // neither is in the database yet
  plan.committed(a.subject, Stored{.login = "a"}, at(3s));
  plan.committed(b.subject, Stored{.login = "b"}, at(3s));
  step<Finished>(plan, 3s);
  EXPECT_EQ(plan.users_settled(), 2U);
}

TEST(PlanCredits, LetsAUserOfManyPagesContinueBeyondItsCredits) {
  Plan plan = plan_for({"large", "next"}, {.credits = 2});
  plan.complete(page(sent(plan), 40), at(0s));
  for (int number = 2; number <= 40; ++number) plan.complete(page(sent(plan)), at(0s));
  EXPECT_EQ(stored(plan).pages.size(), 40U);
  EXPECT_EQ(sent(plan).login, "next");
}

}  // namespace
}  // namespace repopipe
