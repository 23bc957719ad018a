// Lists that are read again because the store requires it.
#include <gtest/gtest.h>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/made_up_api.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

// Lists the next user; the store requires a second reading.
Listing to_be_read_again(Plan& plan) {
  plan.complete(page(sent(plan)), at(0s));
  const Listing listing = step<Write>(plan).listing;
  plan.committed(listing.subject, Stored{.login = listing.login, .must_reread = true}, at(0s));
  return listing;
}

TEST(PlanSecondReading, ReadsTheListOnceMoreConditionally) {
  Plan plan = plan_for({"A"});
  EXPECT_FALSE(to_be_read_again(plan).is_second_reading);
  EXPECT_EQ(step<Recall>(plan).subject.login, "A");
  plan.recalled(Subject{.login = "A",
                        .account = 1,
                        .pages = {{.number = 1,
                                   .principal = std::string(kAnonymous),
                                   .etag = "\"1\"",
                                   .target = "/A",
                                   .records = 3}}});
  const Task second = sent(plan);
  EXPECT_EQ(second.request.etag, "\"1\"");
  plan.complete(page(second), at(0s));
  const Listing listing = step<Write>(plan).listing;
  EXPECT_TRUE(listing.is_second_reading);
  plan.committed(listing.subject, Stored{.login = "A", .must_reread = true},
                 at(0s));  // and not a third time
  step<Finished>(plan);
  EXPECT_EQ(plan.users_settled(), 1U);
}

TEST(PlanSecondReading, ComesBeforeNewUsers) {
  Plan plan = plan_for({"a", "b"}, {.credits = 1});
  to_be_read_again(plan);
  EXPECT_EQ(step<Recall>(plan).subject.login, "a");
  plan.recalled(Subject{.login = "a"});
  EXPECT_EQ(sent(plan).login, "a");
}

TEST(PlanSecondReading, WaitsForCredits) {
  Plan plan = plan_for({"a", "b"}, {.credits = 2});
  const Task a = sent(plan);
  const Task b = sent(plan);
  plan.complete(page(a), at(0s));
  plan.complete(page(b), at(0s));
  for (int i = 0; i < 2; ++i) step<Write>(plan);
  plan.committed(a.subject, Stored{.login = "a", .must_reread = true}, at(0s));
  step<Wait>(plan);  // b has a page and a listing on its way
  plan.written(b.subject, at(0s));
  EXPECT_EQ(step<Recall>(plan).subject.login, "a");
}

TEST(PlanSecondReading, IsLeftWhenTheRunStops) {
  for (const bool was_recalled : {false, true}) {
    Plan plan = plan_for({"a"});
    to_be_read_again(plan);
    if (was_recalled) step<Recall>(plan);
    plan.stop(RunStatus::interrupted, ExitCode::interrupted, "stop");
    if (was_recalled) plan.recalled(Subject{.login = "a"});
    step<Finished>(plan);
    EXPECT_EQ(plan.users_settled(), 1U);
  }
}

TEST(PlanSecondReading, EndsTheRunWhenTheKeyCannotBeRead) {
  Plan plan = plan_for({"a"});
  to_be_read_again(plan);
  step<Recall>(plan);
  plan.recalled(fail(FailureKind::database, "repos.db: disk I/O error"));
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::database);
}

TEST(PlanSecondReading, ThatFailsMakesNoFailedUser) {
  Plan plan = plan_for({"a"});
  to_be_read_again(plan);
  step<Recall>(plan);
  plan.recalled(Subject{.login = "a"});
  plan.complete(failure(sent(plan), FailureKind::blocked, 403), at(0s));
  stored(plan);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::complete);
}

TEST(PlanSecondReading, IsDroppedForAUserThatTheJobNamesTwice) {
  Plan plan = plan_for({"a"}, {.credits = 1});
  plan.complete(page(sent(plan)), at(0s));
  const Listing listing = step<Write>(plan).listing;
  plan.committed(listing.subject, Stored{.login = "a", .must_reread = true}, at(0s));
  plan.offer({Subject{.login = "A"}});
  step<Recall>(plan);
  plan.recalled(Subject{.login = "a"});
  EXPECT_EQ(sent(plan).login, "A");
  step<Wait>(plan);
}

}  // namespace
}  // namespace repopipe
