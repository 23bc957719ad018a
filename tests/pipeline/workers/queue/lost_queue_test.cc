// QueueExecutor when Redis fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/workers/queue/queue_executor.h"
#include "tests/pipeline/workers/processes/pool_world.h"
#include "tests/pipeline/workers/queue/queue_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using testing::RedisServer;
using ::testing::StartsWith;

// Of the executor's clock; it sees itself whether it is there.
constexpr Duration kUntilTheNextLook = 500ms;

struct LostQueue : ::testing::Test {
  void open() { open(clock); }
  void open(const Clock& its_clock) {
    QueueOptions options{.address = address_of(redis),
                         .run_info = run_info_of_night(),
                         .most_out = 4,
                         .response_timeout = 1h,
                         .warn = lines.writer()};
    executor = std::make_unique<QueueExecutor>(std::move(options), queue_resources(), its_clock);
  }
  void submit(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t id = first; id <= last; ++id)
      executor->submit(std::make_shared<PendingTask>(task(id), homes.done()));
  }
  // A run with one completed task, and with tasks 2 and 3 posted.
  std::string run_in_its_middle() {
    open();
    submit(1, 3);
    const std::string run = wait_for_run(redis);
    wait_for_tasks(redis, run, 3);
    HandWorker(redis, run).answer(1);
    homes.wait_for(1);
    return run;
  }
  void expect_both_lost(const std::string& why) {
    EXPECT_THAT(homes.told_of(3),
                ElementsAre(Pair(1, "ok"),
                            Pair(2, AllOf(StartsWith("worker_lost: user-2 page 1: "
                                                     "the queue was lost: "),
                                          HasSubstr(why))),
                            Pair(3, StartsWith("worker_lost: user-3"))));
    EXPECT_EQ(lines.count("the queue is lost: "), 1U);
  }
  // Submits a task until it does not fail as `queue`, as the planner does.
  std::string submit_until_it_goes_out(std::uint64_t id, const std::string& known) {
    const std::size_t before = homes.count();
    std::size_t sent = 0;
    std::string run;
    EXPECT_TRUE(eventually([&] {
      if (homes.count() == before + sent) {
        executor->submit(std::make_shared<PendingTask>(task(id), homes.done()));
        ++sent;
      }
      try {
        for (const std::string& each : redis.ask({"SMEMBERS", "repopipe:runs"})) {
          if (each != known) run = each;
        }
      } catch (const std::exception&) {  // it is not there yet
      }
      return !run.empty();
    }));
    return run;
  }
  void expect_to_go_on(const std::string& known) {
    const std::size_t before = homes.count();
    const std::string run = submit_until_it_goes_out(7, known);
    HandWorker worker(redis, run);
    worker.finish(worker.take()[0]);
    EXPECT_TRUE(eventually([&] {
      const auto home = homes.wait_for(before + 1);
      return home.back().result.has_value();
    }));
    lines.wait_for("reconnected to " + redis.url());
    executor.reset();
    EXPECT_EQ(redis.keys(), 0);
  }

  RedisServer redis;
  SystemClock clock;
  testing::HandClock by_hand;
  Homes homes;
  testing::Lines lines;
  std::unique_ptr<QueueExecutor> executor;
};

TEST_F(LostQueue, IsEmptied) {
  const std::string run = run_in_its_middle();
  redis.ask({"FLUSHALL"});
  expect_both_lost("the keys of this run are gone from Redis");
  expect_to_go_on(run);
}

TEST_F(LostQueue, IsRestarted) {
  const std::string run = run_in_its_middle();
  redis.kill();
  expect_both_lost(redis.url());
  submit(4, 4);
  EXPECT_THAT(homes.told_of(4)[4], StartsWith("queue: " + redis.url() + ": Connection refused"));
  redis.start();
  expect_to_go_on(run);
}

// The old tasks still exist: no worker may start them.
TEST_F(LostQueue, LosesItsConnectionsOnly) {
  const std::string run = run_in_its_middle();
  HandWorker worker(redis, run);
  const std::string here = redis.ask_one({"CLIENT", "ID"});
  redis.ask({"CLIENT", "KILL", "TYPE", "normal"});
  expect_both_lost(redis.url());
  submit_until_it_goes_out(7, run);
  EXPECT_EQ(redis.ask_one({"EXISTS", QueueKeys("repopipe", run).tasks}), "0");
  expect_to_go_on(run);
}

TEST_F(LostQueue, IsOutOfMemory) {
  const std::string run = run_in_its_middle();
  redis.ask({"CONFIG", "SET", "maxmemory", "1"});
  expect_both_lost("OOM");
  EXPECT_EQ(redis.keys(), 0) << "what is lost is removed, and its memory free";
  submit(4, 4);
  EXPECT_THAT(homes.told_of(4)[4], AllOf(StartsWith("queue: "), HasSubstr("OOM")));
  redis.ask({"CONFIG", "SET", "maxmemory", "0"});
  expect_to_go_on(run);
}

TEST_F(LostQueue, WasNeverThere) {
  redis.kill();
  open();
  submit(1, 2);
  EXPECT_THAT(homes.told_of(2),
              Each(Pair(::testing::_, "queue: " + redis.url() + ": Connection refused")));
  EXPECT_EQ(lines.all().size(), 0U) << "it was never lost";
  redis.start();
  executor->submit(std::make_shared<PendingTask>(task(3), homes.done()));
  HandWorker worker(redis, wait_for_run(redis));
  worker.finish(worker.take()[0]);
  EXPECT_EQ(homes.told_of(3)[3], "ok");
}

TEST_F(LostQueue, RestsWhenNothingCameOfIt) {
  open(by_hand);
  submit(1, 1);
  const std::string run = wait_for_run(redis);
  wait_for_tasks(redis, run, 1);
  redis.ask({"FLUSHALL"});
  by_hand.advance(kUntilTheNextLook);
  EXPECT_THAT(homes.told_of(1)[1], StartsWith("worker_lost: user-1"));
  submit(2, 2);
  EXPECT_EQ(homes.told_of(2)[2], "queue: the keys of this run are gone from Redis");
  EXPECT_EQ(redis.keys(), 0);
  by_hand.advance(10s);
  expect_to_go_on(run);
}

TEST_F(LostQueue, DoesNotHoldUpTheEndOfTheRun) {
  const std::string run = run_in_its_middle();
  redis.kill();
  executor->cancel_queued();
  executor.reset();
  EXPECT_EQ(homes.count(), 3U);
}

TEST_F(LostQueue, RefusesThePassword) {
  redis.ask({"CONFIG", "SET", "requirepass", "geheim"});
  open();
  submit(1, 1);
  EXPECT_THAT(homes.told_of(1)[1], AllOf(StartsWith("job: " + redis.url()), HasSubstr("NOAUTH")));
}

}  // namespace
}  // namespace repopipe
