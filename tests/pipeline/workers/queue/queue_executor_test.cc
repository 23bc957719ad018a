// QueueExecutor with workers that the test simulates.
#include "pipeline/workers/queue/queue_executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipeline/workers/queue/queue_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using testing::RedisServer;
using ::testing::StartsWith;

struct OneQueueExecutor : ::testing::Test {
  QueueOptions options() {
    return {.address = address_of(redis),
            .run_info = run_info_of_night(),
            .most_out = 4,
            .response_timeout = 1h,
            .warn = lines.writer()};
  }
  void open(QueueOptions options) {
    executor = std::make_unique<QueueExecutor>(std::move(options), queue_resources(), clock);
  }
  void open() { open(options()); }
  void submit(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t id = first; id <= last; ++id)
      executor->submit(std::make_shared<PendingTask>(task(id), homes.done()));
  }
  HandWorker join(const std::string& known = {}) { return {redis, wait_for_run(redis, known)}; }

  // Joins when so many tasks are posted.
  HandWorker join_for(std::size_t tasks) {
    wait_for_tasks(redis, wait_for_run(redis), tasks);
    return join();
  }

  RedisServer redis;
  SystemClock clock;
  Homes homes;
  testing::Lines lines;
  std::unique_ptr<QueueExecutor> executor;
};

TEST_F(OneQueueExecutor, ReturnsTheResultOfAWorker) {
  open();
  submit(1, 3);
  HandWorker worker = join();
  for (std::size_t done = 0; done < 3;) {
    for (const ClaimedTask& taken : worker.take()) {
      worker.finish(taken);
      ++done;
    }
  }
  const auto home = homes.wait_for(3);
  EXPECT_EQ(homes.told_of(3),
            (std::map<std::uint64_t, std::string>{{1, "ok"}, {2, "ok"}, {3, "ok"}}));
  EXPECT_EQ(home[0].task.login, "user-" + std::to_string(home[0].task.id));
  EXPECT_EQ(std::get<Redirect>(*home[0].result).target, "/elsewhere");
  EXPECT_GT(home[0].queued, 0us);
}

TEST_F(OneQueueExecutor, NeverHasMoreOutThanItMay) {
  open();
  submit(1, 10);
  HandWorker worker = join();
  std::vector<ClaimedTask> taken;
  while (taken.size() < 4) {
    for (ClaimedTask& each : worker.take()) taken.push_back(std::move(each));
  }
  EXPECT_EQ(taken.size(), 4U);
  EXPECT_TRUE(worker.finds_nothing());
  worker.finish(taken[0]);
  EXPECT_EQ(worker.take().size(), 1U);
  EXPECT_TRUE(worker.finds_nothing());
}

TEST_F(OneQueueExecutor, TakesOneOfTwoReplies) {
  open();
  submit(1, 2);
  HandWorker worker = join_for(2);
  worker.answer(1);
  worker.answer(1);
  worker.answer(2);
  EXPECT_EQ(homes.told_of(2), (std::map<std::uint64_t, std::string>{{1, "ok"}, {2, "ok"}}));
  worker.answer(2);
  EXPECT_TRUE(eventually([&] {
    return redis.ask_one({"XLEN", QueueKeys("repopipe", wait_for_run(redis)).replies}) == "0";
  }));
  EXPECT_EQ(homes.count(), 2U);
}

TEST_F(OneQueueExecutor, DropsTheResultOfATaskThatItNeverPosted) {
  open();
  submit(1, 1);
  HandWorker worker = join_for(1);
  worker.answer(99);
  worker.answer_with(98, "garbage");
  worker.answer(1);
  EXPECT_EQ(homes.told_of(1), (std::map<std::uint64_t, std::string>{{1, "ok"}}));
  EXPECT_EQ(homes.count(), 1U);
}

TEST_F(OneQueueExecutor, TakesGarbageForACrash) {
  open();
  submit(1, 3);
  HandWorker worker = join_for(3);
  worker.answer_with(1, "garbage");
  worker.answer_with(2, good_reply(3));  // the result of another task
  worker.answer_with(3, "");
  const std::string crash = "worker_crashed: user-N page 1: its worker sent an invalid result";
  const auto told = homes.told_of(3);
  for (std::uint64_t id = 1; id <= 3; ++id) {
    std::string expected = crash;
    expected.replace(expected.find('N'), 1, std::to_string(id));
    EXPECT_THAT(told, ::testing::Contains(Pair(id, expected)));
  }
  for (const TaskResult& each : homes.wait_for(3)) EXPECT_EQ(each.task.crashes, 1);
}

TEST_F(OneQueueExecutor, TakesBackTheTasksOfADeadWorkerAndDropsItsLateReply) {
  open();
  submit(1, 2);
  HandWorker dead = join();
  std::vector<ClaimedTask> taken = dead.take(1);
  const auto home = homes.wait_for(1);
  ASSERT_FALSE(home[0].result);
  EXPECT_EQ(home[0].task.id, taken[0].task.id);
  EXPECT_EQ(home[0].task.losses, 1);
  EXPECT_EQ(home[0].result.error(),
            (Failure{FailureKind::worker_lost, "user-1 page 1: the lease of its worker expired"}));
  executor->submit(
      std::make_shared<PendingTask>(task(3), homes.done()));  // the same task under another number
  dead.finish(taken[0]);
  HandWorker alive = join();
  for (std::size_t done = 0; done < 2;) {
    for (const ClaimedTask& each : alive.take()) {
      alive.finish(each);
      ++done;
    }
  }
  EXPECT_THAT(homes.told_of(3),
              ElementsAre(Pair(1, StartsWith("worker_lost")), Pair(2, "ok"), Pair(3, "ok")));
}

TEST_F(OneQueueExecutor, LeavesALivingWorkerItsTasks) {
  open();
  submit(1, 2);
  HandWorker slow = join();
  HandWorker dead(redis, wait_for_run(redis), "dead");
  std::vector<ClaimedTask> kept = slow.take(1);
  dead.take(1);
  while (homes.count() == 0) slow.keep(kept);
  EXPECT_THAT(homes.told_of(1), ElementsAre(Pair(2, StartsWith("worker_lost"))));
  slow.finish(kept[0]);
  EXPECT_THAT(homes.told_of(2), ElementsAre(Pair(1, "ok"), Pair(2, StartsWith("worker_lost"))));
}

TEST_F(OneQueueExecutor, FailsTasksThatNoWorkerClaims) {
  QueueOptions impatient = options();
  impatient.response_timeout = 100ms;
  open(impatient);
  submit(1, 2);
  const std::string nobody =
      "queue: no worker on " + redis.url() + " (start one with repopipe worker --queue)";
  EXPECT_EQ(homes.told_of(2), (std::map<std::uint64_t, std::string>{{1, nobody}, {2, nobody}}));
}

TEST_F(OneQueueExecutor, HasPatienceWhileAWorkerIsThere) {
  QueueOptions impatient = options();
  impatient.response_timeout = 1s;
  open(impatient);
  submit(1, 2);
  const QueueKeys keys("repopipe", wait_for_run(redis));
  HandWorker worker = join();
  for (int looks = 0; looks < 4; ++looks) {  // half a second each
    redis.ask({"PEXPIRE", keys.run, "30000"});
    EXPECT_TRUE(eventually([&] {
      worker.give_sign();
      return std::stol(redis.ask_one({"PTTL", keys.run})) > 31'000;
    }));
  }
  EXPECT_EQ(homes.count(), 0U);
}

TEST_F(OneQueueExecutor, WithdrawsWhatIsNotTakenWhenTheRunStops) {
  open();
  submit(1, 6);
  HandWorker worker = join();
  std::vector<ClaimedTask> taken = worker.take(1);
  executor->cancel_queued();
  const auto told = homes.told_of(5);
  EXPECT_EQ(told.size(), 5U);
  for (const auto& [id, words] : told) {
    EXPECT_EQ(words, "cancelled: the run is stopping");
    EXPECT_NE(id, taken[0].task.id);
  }
  EXPECT_TRUE(worker.finds_nothing());
  worker.finish(taken[0]);
  EXPECT_EQ(homes.told_of(6)[taken[0].task.id], "ok");
}

TEST_F(OneQueueExecutor, CompletesAllTasksAndRemovesItsKeysAtItsEnd) {
  redis.ask({"SET", "something", "else"});
  open();
  submit(1, 6);
  HandWorker worker = join();
  worker.take(1);
  executor.reset();
  const auto told = homes.told_of(6);
  EXPECT_EQ(told.size(), 6U);
  for (const auto& [id, words] : told) EXPECT_EQ(words, "cancelled: the run is over");
  EXPECT_THAT(redis.ask({"KEYS", "*"}), ElementsAre("something"));
}

TEST_F(OneQueueExecutor, SaysOnceWhoIsRefused) {
  open();
  submit(1, 1);
  const QueueKeys keys("repopipe", wait_for_run(redis));
  redis.ask({"HSET", keys.refused, "host:1", "it is old"});
  lines.wait_for("worker host:1 was refused: it is old");
  redis.ask({"HSET", keys.refused, "host:2", "it is old too"});
  lines.wait_for("worker host:2 was refused: it is old too");
  EXPECT_EQ(lines.all().size(), 2U);
}

}  // namespace
}  // namespace repopipe
