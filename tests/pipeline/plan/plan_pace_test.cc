// A run that its own limits hold back, and those of an earlier run.
#include <gtest/gtest.h>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

PlanOptions two_a_minute() {
  PlanOptions options;
  options.limits.pace.requests_per_minute = 2;
  return options;
}

void list_two(Plan& plan, Duration now) {
  for (int i = 0; i < 2; ++i) {
    plan.complete(page(sent(plan, now)), at(now));
    stored(plan, now);
  }
}

TEST(PlanPace, AWaitForTheJobsOwnLimitsIsPrintedOnceAndThenOnlyShown) {
  Plan plan = plan_for(many(6), two_a_minute());
  list_two(plan, 0s);
  const Notice first = step<Notice>(plan);
  EXPECT_EQ(first.text, "waiting: limits.requests_per_minute (2) is reached");
  EXPECT_EQ(first.goes_on, at(60s));
  EXPECT_FALSE(first.is_again);
  EXPECT_EQ(step<WaitUntil>(plan), WaitUntil{at(60s)});
  EXPECT_EQ(step<WaitUntil>(plan, 5s), WaitUntil{at(60s)});
  list_two(plan, 60s);
  EXPECT_TRUE(step<Notice>(plan, 60s).is_again);
  EXPECT_EQ(step<WaitUntil>(plan, 60s), WaitUntil{at(120s)});
  EXPECT_EQ(waited(plan, WaitCause::pace), (Waited{60s, 1}));
}

TEST(PlanPace, ABriefWaitIsNotPrinted) {
  Plan plan = plan_for(many(6), two_a_minute());
  list_two(plan, 0s);
  EXPECT_EQ(step<WaitUntil>(plan, 51s), WaitUntil{at(60s)});
}

TEST(PlanPace, WhatAnEarlierRunHasSentCountsUntilItsMinuteIsOver) {
  PlanOptions options = two_a_minute();
  options.limits.recent = {{at(-50s), 0s}, {at(-20s), 0s}};
  Plan plan = plan_for(many(3), options);
  EXPECT_EQ(step<Notice>(plan).goes_on, at(10s));
  EXPECT_EQ(step<WaitUntil>(plan), WaitUntil{at(10s)});
  plan.complete(page(sent(plan, 10s)), at(10s));
  stored(plan, 10s);
  EXPECT_EQ(step<Notice>(plan, 10s).goes_on, at(40s));
}

}  // namespace
}  // namespace repopipe
