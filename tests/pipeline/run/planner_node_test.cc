// The planner between a clock, a calendar and Plan.
#include "pipeline/run/planner_node.h"

#include <gtest/gtest.h>

#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

class TwoSubjects final : public SubjectSource {
 public:
  Result<std::vector<Subject>> next_block() override {
    return std::exchange(is_read_, true) ? std::vector<Subject>{}
                                         : std::vector<Subject>{{"a"}, {"b"}};
  }

 private:
  bool is_read_ = false;
};

class TwoClocks final : public Clock {
 public:
  Time now() const override { return time; }
  WallTime wall() const override { return calendar; }
  Time time{1h};
  WallTime calendar{500'000h};
};

// A run of two users that may send one request a minute, and waits for the second.
struct WaitingRun {
  WaitingRun() {
    node.handle(Tick{}, outputs);
    node.handle(testing::page(sent.at(0)), outputs);
  }

  static PlanOptions options(Time deadline) {
    PlanOptions options;
    options.limits.pace.requests_per_minute = 1;
    options.deadline = deadline;
    return options;
  }

  TwoClocks clock;
  TwoSubjects subjects;
  Plan plan{options(clock.time + 10min), testing::kPlainProvider, clock.time};
  std::vector<Task> sent;
  Time wake{};
  PlannerOutputs outputs{.send = [this](Task task) { sent.push_back(std::move(task)); },
                         .keep = [](const Listing&) {},
                         .say = [](const Notice&, std::optional<WallTime>) {},
                         .wake_at = [this](Time time) { wake = time; },
                         .cancel_queued = [] {},
                         .over = [] {}};
  PlannerNode node{plan, subjects, clock};
};

TEST(PlannerNode, LooksAtTheCalendarWhileItWaits) {
  WaitingRun run;
  EXPECT_EQ(run.sent.size(), 1U);
  EXPECT_LE(run.wake, run.clock.time + 2s);
}

// Another time would wake the timer's thread, at each of the run's events.
TEST(PlannerNode, AsksForTheSameTimeUntilItHasCome) {
  WaitingRun run;
  const Time first = run.wake;
  run.clock.time += 1s;
  run.clock.calendar += 1s;
  run.node.handle(Tick{}, run.outputs);
  EXPECT_EQ(run.wake, first);
  run.clock.time = first;
  run.clock.calendar += 1s;
  run.node.handle(Tick{}, run.outputs);
  EXPECT_GT(run.wake, first);
}

TEST(PlannerNode, EndsAWaitWhenTheCalendarLeapsAndKeepsItsDeadline) {
  WaitingRun run;
  run.clock.calendar += 2h;
  run.node.handle(Tick{}, run.outputs);
  EXPECT_EQ(run.sent.size(), 2U);
}

TEST(PlannerNode, GoesOnWaitingWhenTheCalendarIsSetBackOrAdjusted) {
  for (const auto change : {std::chrono::milliseconds(-2h), std::chrono::milliseconds(20s)}) {
    WaitingRun run;
    run.clock.calendar += change;
    run.node.handle(Tick{}, run.outputs);
    EXPECT_EQ(run.sent.size(), 1U);
  }
}

}  // namespace
}  // namespace repopipe
