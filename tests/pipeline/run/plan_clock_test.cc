// The time of a plan follows a monotonic clock and the leaps of the calendar.
#include "pipeline/run/plan_clock.h"

#include <gtest/gtest.h>

#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

class TwoClocks final : public Clock {
 public:
  Time now() const override { return time; }
  WallTime wall() const override { return calendar; }
  void pass(std::chrono::milliseconds by) {
    time += by;
    calendar += by;
  }
  Time time{1h};
  WallTime calendar{500'000h};
};

TEST(PlanClock, ReadsTheCalendarWhileThePlanWaits) {
  TwoClocks clocks;
  PlanClock clock(clocks);
  EXPECT_LE(clock.wake_at(clocks.time + 1h), clocks.time + 2s);
  EXPECT_EQ(clock.wake_at(clocks.time + 1s), clocks.time + 1s);
}

// Another time would wake the thread of the timer at each event.
TEST(PlanClock, ReturnsTheSameTimeUntilItIsDue) {
  TwoClocks clocks;
  PlanClock clock(clocks);
  const Time first = clock.wake_at(clocks.time + 1h);
  clocks.pass(1s);
  EXPECT_EQ(clock.wake_at(clocks.time + 1h), first);
  clocks.pass(1s);
  EXPECT_GT(clock.wake_at(clocks.time + 1h), first);
}

TEST(PlanClock, LeapsWithTheCalendarAndWakesByTheClock) {
  TwoClocks clocks;
  PlanClock clock(clocks);
  const Time before = clock.now();
  clocks.calendar += 2h;
  EXPECT_EQ(clock.follow_calendar(), 2h);
  EXPECT_EQ(clock.now(), before + 2h);
  EXPECT_EQ(clock.wake_at(clock.now() + 1s), clocks.time + 1s);
  EXPECT_EQ(clock.wall_time_of(clock.now() + 1min), clocks.calendar + 1min);
  EXPECT_EQ(clock.follow_calendar(), 0s);
}

TEST(PlanClock, DoesNotChangeWhenTheCalendarIsSetBackOrAdjusted) {
  for (const auto change : {std::chrono::milliseconds(-2h), std::chrono::milliseconds(20s)}) {
    TwoClocks clocks;
    PlanClock clock(clocks);
    clocks.calendar += change;
    EXPECT_EQ(clock.follow_calendar(), 0s);
    EXPECT_EQ(clock.now(), clocks.time);
  }
}

// A run of two users with a limit of one request per minute waits before the second.
TEST(PlanClock, EndsAWaitWhenTheCalendarLeapsAndKeepsTheDeadline) {
  TwoClocks clocks;
  PlanClock clock(clocks);
  PlanOptions options;
  options.limits.pace.requests_per_minute = 1;
  options.deadline = clocks.time + 10min;
  Plan plan(options, testing::kPlainProvider, clocks.time);
  ASSERT_TRUE(std::holds_alternative<ReadSubjects>(plan.next(clock.now())));
  plan.offer({{"a"}, {"b"}});
  const Send first = std::get<Send>(plan.next(clock.now()));
  plan.complete(testing::page(first.task), clock.now());
  clocks.calendar += 2h;
  plan.postpone_deadline(clock.follow_calendar());
  bool has_sent = false;
  for (Action step = plan.next(clock.now()); !std::holds_alternative<WaitUntil>(step);
       step = plan.next(clock.now())) {
    if (std::holds_alternative<Wait>(step) || std::holds_alternative<Finished>(step)) break;
    if (std::holds_alternative<ReadSubjects>(step)) plan.offer({});
    has_sent = has_sent || std::holds_alternative<Send>(step);
  }
  EXPECT_TRUE(has_sent);
}

}  // namespace
}  // namespace repopipe
