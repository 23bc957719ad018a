#include "pipeline/workers/queue/queue_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/workers/wire/codec.h"
#include "tests/pipeline/workers/queue/queue_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::RedisServer;
using ::testing::UnorderedElementsAre;

using Ids = std::vector<std::uint64_t>;

struct OneRun : ::testing::Test {
  static QueueRun opened(const RedisServer& redis, const std::string& behind = "/0") {
    auto run = QueueRun::open(address_of(redis, behind), run_info_of_night());
    if (!run) throw std::runtime_error(run.error().message);
    return std::move(*run);
  }

  void post(const Ids& ids) {
    std::vector<PostedTask> tasks;
    for (const std::uint64_t id : ids) tasks.push_back({id, encode(WorkerCommand(task(id)))});
    EXPECT_THAT(run.post(tasks).value(), IsEmpty());
  }

  RedisServer redis;
  QueueRun run = opened(redis);
  HandWorker worker{redis, run.id()};
};

TEST_F(OneRun, AnnouncesWhatWorkersMustKnow) {
  EXPECT_THAT(redis.ask({"SMEMBERS", "repopipe:runs"}), ElementsAre(run.id()));
  EXPECT_EQ(redis.ask_one({"XLEN", "repopipe:news"}), "1");
  EXPECT_EQ(redis.ask_one({"HGET", run.keys().run, "version"}), "1");
  EXPECT_EQ(redis.ask_one({"HGET", run.keys().run, "job"}), "night");
  const auto read = decode_run_info(redis.ask_one({"HGET", run.keys().run, "run_info"}));
  EXPECT_EQ(read->settings.base_url, "http://127.0.0.1:9");
  EXPECT_EQ(read->principals, std::vector<std::string>{"anonymous"});
}

TEST_F(OneRun, LeavesNoKeyWithoutATimeToLive) {
  post({1});
  EXPECT_TRUE(run.withdraw());
  for (const std::string& key : redis.ask({"KEYS", "*"})) {
    EXPECT_GT(std::stol(redis.ask_one({"PTTL", key})), 0) << key;
  }
  EXPECT_EQ(redis.keys(), 6);
}

TEST_F(OneRun, PostsTasksInTheirOrder) {
  post({3, 1, 2});
  Ids taken;
  for (const ClaimedTask& each : worker.take()) taken.push_back(each.task.id);
  EXPECT_THAT(taken, ElementsAre(3, 1, 2));
}

TEST_F(OneRun, RenewsItsKeysUntilTheyAreGone) {
  redis.ask({"PEXPIRE", run.keys().run, "5000"});
  EXPECT_TRUE(run.renew().value());
  EXPECT_GT(std::stol(redis.ask_one({"PTTL", run.keys().run})), 50'000);
  redis.ask({"FLUSHALL"});
  EXPECT_FALSE(run.renew().value());
  EXPECT_EQ(redis.keys(), 0) << "what is gone must not be announced again";
  const Failure gone{FailureKind::queue, "the keys of this run are gone from Redis"};
  EXPECT_EQ(run.post({{1, "x"}}).error(), gone);
  EXPECT_EQ(run.withdraw().error(), gone);
  EXPECT_EQ(run.claim_expired(1s).error(), gone);
  EXPECT_EQ(run.count_workers(1s).error(), gone);
  EXPECT_EQ(redis.keys(), 0);
}

TEST_F(OneRun, MissesEachOfItsKeys) {
  for (const std::string& key : {run.keys().run, run.keys().tasks, run.keys().replies}) {
    QueueRun other = opened(redis);
    std::string own = key;
    own.replace(own.find(run.id()), run.id().size(), other.id());
    EXPECT_TRUE(other.renew().value());
    redis.ask({"DEL", own});
    EXPECT_FALSE(other.renew().value()) << key;
  }
}

TEST_F(OneRun, TakesBackWhatAWorkerLeftOnlyAfterTheLease) {
  post({1, 2, 3});
  const auto taken = worker.take(2);
  EXPECT_THAT(run.claim_expired(1h).value(), IsEmpty());
  EXPECT_TRUE(eventually([&] {
    const std::string idle = redis.ask({"XPENDING", run.keys().tasks, "workers", "-", "+", "1"})[2];
    return std::stol(idle) > 5;
  }));
  worker.keep({taken[1]});
  EXPECT_THAT(run.claim_expired(1h).value(), IsEmpty());
  EXPECT_THAT(run.claim_expired(0ms).value(), UnorderedElementsAre(1, 2));
  EXPECT_THAT(run.claim_expired(0ms).value(), IsEmpty());
  EXPECT_EQ(redis.ask_one({"XLEN", run.keys().tasks}), "1");
}

// A lease of ten minutes that has just expired for one task and half expired for the other.
TEST_F(OneRun, TakesBackATaskAtTheEndOfItsLease) {
  post({1, 2});
  const auto taken = worker.take(2);
  const auto idle_for = [&](const ClaimedTask& task, const std::string& milliseconds) {
    redis.ask({"XCLAIM", run.keys().tasks, "workers", "hand", "0", task.entry, "IDLE", milliseconds,
               "JUSTID"});
  };
  idle_for(taken[0], "600000");
  idle_for(taken[1], "300000");
  EXPECT_THAT(run.claim_expired(10min).value(), ElementsAre(1));
}

TEST_F(OneRun, WithdrawsUnclaimedTasks) {
  post({1, 2, 3});
  worker.take(1);
  EXPECT_THAT(run.withdraw().value(), ElementsAre(2, 3));
  EXPECT_THAT(run.withdraw().value(), IsEmpty());
  EXPECT_TRUE(worker.finds_nothing());
}

TEST_F(OneRun, CountsWorkersThatGiveSigns) {
  EXPECT_EQ(run.count_workers(1h).value(), 0U);
  worker.give_sign();
  HandWorker(redis, run.id(), "other").give_sign();
  EXPECT_EQ(run.count_workers(1h).value(), 2U);
  EXPECT_TRUE(run.withdraw().value().empty());
  EXPECT_EQ(run.count_workers(1h).value(), 2U) << "the run itself is no worker";
  EXPECT_TRUE(eventually([&] { return run.count_workers(1ms).value() == 0; }));
}

TEST_F(OneRun, ReportsWhichWorkersAreRefusedAndWhy) {
  redis.ask({"HSET", run.keys().refused, "w\n1", "is\x1b[2J old"});
  EXPECT_THAT(run.refused().value(), ElementsAre(std::pair("w?1", "is?[2J old")));
}

TEST_F(OneRun, RemovesEveryKeyOfItsOwnAndNoOther) {
  post({1, 2});
  worker.take(1);
  worker.answer(1);
  redis.ask({"HSET", run.keys().refused, "w", "why"});
  QueueRun neighbour = opened(redis);
  QueueRun stranger = opened(redis, "/0?prefix=team:b");
  redis.ask({"SET", "something", "else"});
  EXPECT_TRUE(run.close());
  EXPECT_EQ(redis.keys(), 10);
  EXPECT_TRUE(neighbour.renew().value());
  EXPECT_TRUE(neighbour.close());
  EXPECT_TRUE(stranger.renew().value());
  EXPECT_TRUE(stranger.close());
  EXPECT_THAT(redis.ask({"KEYS", "*"}), ElementsAre("something"));
}

TEST_F(OneRun, BeginsAnewWithoutWhatItHadBefore) {
  post({1});
  auto again = QueueRun::open(address_of(redis), run_info_of_night(), run.id());
  ASSERT_TRUE(again);
  EXPECT_THAT(redis.ask({"SMEMBERS", "repopipe:runs"}), ElementsAre(again->id()));
  EXPECT_FALSE(run.renew().value());
  EXPECT_EQ(redis.keys(), 5);
}

TEST_F(OneRun, ReportsWhyRedisAcceptsNoWrites) {
  redis.ask({"CONFIG", "SET", "min-replicas-to-write", "1"});
  const auto renewed = run.renew();
  ASSERT_FALSE(renewed);
  EXPECT_THAT(renewed.error().message, HasSubstr("NOREPLICAS"));
}

TEST_F(OneRun, ReportsThatRedisIsOutOfMemory) {
  redis.ask({"CONFIG", "SET", "maxmemory", "1"});
  const auto refused = run.post({{7, "x"}});
  EXPECT_THAT(refused->at(7), HasSubstr("OOM"));
  const auto renewed = run.renew();
  ASSERT_FALSE(renewed);
  EXPECT_THAT(renewed.error().message, HasSubstr("OOM"));
  const auto other = QueueRun::open(address_of(redis), run_info_of_night());
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, FailureKind::queue);
  EXPECT_THAT(other.error().message, HasSubstr("OOM"));
  EXPECT_TRUE(run.close());
  EXPECT_EQ(redis.keys(), 0) << "neither of them leaves anything";
}

TEST_F(OneRun, IsOverWhenTheServerIs) {
  redis.kill();
  for (const Failure& failure : {run.post({{1, "x"}}).error(), run.renew().error(),
                                 run.claim_expired(1s).error(), run.withdraw().error()}) {
    EXPECT_EQ(failure.kind, FailureKind::queue);
  }
}

}  // namespace
}  // namespace repopipe
