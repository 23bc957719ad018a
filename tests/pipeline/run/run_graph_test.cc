// The run graph with fakes: each task and listing passes it exactly once, at any concurrency.
#include "pipeline/run/run_graph.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

class ListedSubjects final : public SubjectSource {
 public:
  explicit ListedSubjects(int users) : left_(users) {}
  Result<std::vector<Subject>> next_block() override {
    std::vector<Subject> block;
    for (; left_ > 0 && block.size() < 64; --left_) block.push_back({"u" + std::to_string(left_)});
    return block;
  }

 private:
  int left_;
};

// Returns one block of users, then fails.
class BrokenSubjects final : public SubjectSource {
 public:
  Result<std::vector<Subject>> next_block() override {
    if (std::exchange(is_read_, true)) throw std::length_error("a defect");
    return std::vector<Subject>{{"octocat"}, {"hubot"}};
  }

 private:
  bool is_read_ = false;
};

// Completes tasks on its own threads.  Every fifth task fails with a kind that does not indicate an
// outage, so no user is read again to probe.
class FakeExecutor final : public Executor {
 public:
  ~FakeExecutor() override {
    for (std::thread& thread : threads_) thread.join();
  }
  void submit(std::shared_ptr<PendingTask> task) override {
    const std::lock_guard lock(mutex_);
    ++submitted;
    submitted.notify_all();
    threads_.emplace_back([this, task = std::move(task)] {
      if (answers_when_cancelled) cancellations.wait(0);
      if (task->task().id % 5 == 0) {
        task->fail({FailureKind::incomplete_list, "a page is missing"});
      } else {
        task->complete(testing::page(task->task()));
      }
    });
  }
  void cancel_queued() override {
    ++cancellations;
    cancellations.notify_all();
  }

  bool answers_when_cancelled = false;
  std::atomic<int> submitted{0};
  std::atomic<int> cancellations{0};

 private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

class CountingStore final : public Store {
 public:
  Result<Stored> add(const Listing& listing) override {
    if (++users[listing.login] == fail_at) return fail(FailureKind::database, "disk full");
    return Stored{.login = listing.login, .outcome = listing.outcome};
  }
  void abandon() noexcept override {}
  Status commit() override { return {}; }
  std::map<std::string, int> users;
  int fail_at = -1;
};

struct World {
  explicit World(int count) : subjects(count) {}
  SystemClock clock;
  ListedSubjects subjects;
  FakeExecutor executor;
  CountingStore store;

  RunParts parts(Plan& plan) {
    const auto say = [](const Notice&, std::optional<WallTime>) {};
    return {plan, subjects, executor, store, clock, say};
  }
};

class RunGraphAt : public ::testing::TestWithParam<int> {};

TEST_P(RunGraphAt, CompletesEachUserOnce) {
  World world(500);
  Plan plan({.credits = static_cast<std::size_t>(GetParam()), .attempts = 50},
            testing::kPlainProvider, world.clock.now());
  const RunEnd end = RunGraph(world.parts(plan)).run();
  EXPECT_EQ(end.status, RunStatus::complete);
  EXPECT_EQ(world.store.users.size(), 500U);
  for (const auto& [login, times] : world.store.users) EXPECT_EQ(times, 1) << login;
  EXPECT_GT(world.executor.submitted, 500);
}

INSTANTIATE_TEST_SUITE_P(Credits, RunGraphAt, ::testing::Values(1, 2, 8, 100));

TEST(RunGraph, EndsWithoutUsers) {
  World world(0);
  Plan plan({}, testing::kPlainProvider, world.clock.now());
  EXPECT_EQ(RunGraph(world.parts(plan)).run().status, RunStatus::complete);
}

TEST(RunGraph, DrainsWhenItIsStopped) {
  World world(100'000);
  Plan plan({.credits = 4, .attempts = 50}, testing::kPlainProvider, world.clock.now());
  world.executor.answers_when_cancelled = true;
  RunGraph graph(world.parts(plan));
  std::thread stopper([&] {
    world.executor.submitted.wait(0);
    graph.stop(RunStatus::interrupted, ExitCode::interrupted, "interrupted");
  });
  const RunEnd end = graph.run();
  stopper.join();
  EXPECT_EQ(end.exit_code, ExitCode::interrupted);
  EXPECT_LE(world.store.users.size(), 4U);
  EXPECT_EQ(world.executor.cancellations, 1);
}

TEST(RunGraph, EndsAtOnceWhenItWasStoppedBefore) {
  World world(1000);
  Plan plan({}, testing::kPlainProvider, world.clock.now());
  RunGraph graph(world.parts(plan));
  graph.stop(RunStatus::interrupted, ExitCode::terminated, "terminated");
  EXPECT_EQ(graph.run().exit_code, ExitCode::terminated);
  EXPECT_TRUE(world.store.users.empty());
}

// The planner runs on the timer's thread when the deadline comes, and a signal may come as well.
TEST(RunGraph, EndsOnAThreadOutsideTheGraph) {
  for (int i = 0; i < 300; ++i) {
    World world(2);
    PlanOptions options;
    options.limits.pace.requests_per_minute = 1;
    options.deadline = world.clock.now() + 1ms;
    Plan plan(options, testing::kPlainProvider, world.clock.now());
    RunGraph graph(world.parts(plan));
    std::thread late([&] {
      if (i % 3 == 0) graph.stop(RunStatus::interrupted, ExitCode::interrupted, "interrupted");
    });
    EXPECT_NE(graph.run().exit_code, ExitCode::complete);
    late.join();
  }
}

TEST(RunGraph, EndsWhenTheStoreFails) {
  World world(1000);
  world.store.fail_at = 1;
  Plan plan({.credits = 8, .attempts = 50}, testing::kPlainProvider, world.clock.now());
  const RunEnd end = RunGraph(world.parts(plan)).run();
  EXPECT_EQ(end.exit_code, ExitCode::database);
  EXPECT_EQ(end.error, "disk full");
}

TEST(RunGraph, EndsWithTheErrorOfAnException) {
  World world(0);
  BrokenSubjects subjects;
  Plan plan({.credits = 8}, testing::kPlainProvider, world.clock.now());
  world.executor.answers_when_cancelled = true;
  RunParts parts = world.parts(plan);
  RunGraph graph({plan, subjects, parts.executor, world.store, world.clock, parts.say});
  const RunEnd end = graph.run();
  EXPECT_EQ(end.status, RunStatus::failed);
  EXPECT_EQ(end.exit_code, ExitCode::internal);
  EXPECT_EQ(end.error, "a defect");
}

}  // namespace
}  // namespace repopipe
