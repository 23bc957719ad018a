// What the waiting time of a run is charged to.
#include <gtest/gtest.h>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

TaskResult throttled(const Task& task) {
  TaskResult result = failure(task, FailureKind::throttled, 403);
  result.rate_limits.wait = 60s;
  return result;
}

TEST(PlanWaits, ForASecondaryLimitAreCounted) {
  Plan plan = plan_for({"a"});
  for (const Duration now : {0s, 60s}) {
    plan.complete(throttled(sent(plan, now)), at(now));
    step<Notice>(plan, now);
  }
  sent(plan, 180s);
  EXPECT_EQ(waited(plan, WaitCause::secondary), (Waited{180s, 2}));
}

TEST(PlanWaits, DoNotIncludeDecisions) {
  Plan plan = plan_for({"a", "b"});
  plan.complete(page(sent(plan)), at(1s));
  stored(plan, 2s);
  sent(plan, 3s);
  EXPECT_EQ(plan.end().times.waiting, 0s);
  EXPECT_EQ(plan.end().times.wall(), 3s);
}

TEST(PlanWaits, ForResponseTimeAreCountedApart) {
  PlanOptions options;
  options.limits.pace.response_per_minute = 2s;
  Plan plan = plan_for(many(6), options);
  for (int i = 0; i < 2; ++i) {
    TaskResult result = page(sent(plan));
    result.log.timing.total = 1s;
    plan.complete(std::move(result), at(0s));
    stored(plan);
  }
  step<Notice>(plan);
  sent(plan, 60s);
  EXPECT_EQ(waited(plan, WaitCause::response_time), (Waited{60s, 1}));
  EXPECT_EQ(waited(plan, WaitCause::pace), Waited{});
}

}  // namespace
}  // namespace repopipe
