// Workers of a queue reach the same database as one process, even if workers and runs are killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <deque>
#include <ostream>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/queue_world.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"
#include "tests/testing/sanitized.h"

namespace repopipe::e2e {
namespace {

using namespace std::chrono_literals;
using repopipe::testing::RedisServer;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Words kWorld{"--accounts", is_sanitized() ? "400" : "2000", "--seed", "11"};
// With less to list.
constexpr int kUsers = is_sanitized() ? 400 : 1200;
const Words kQuickWorld{"--accounts", std::to_string(kUsers), "--seed", "11", "--small"};

// A world with failures, and the result of one process.
struct Expected {
  explicit Expected(const Words& world) : users(simulated_logins(world)) {
    const Simulator github(world + one_in_ten_fails());
    facts = facts_after(github.base_url(), users);
  }

  std::vector<std::string> users;
  std::vector<std::string> facts;
};

class QueueTest : public ::testing::Test {
 protected:
  QueueTest(const Words& world, const Expected& expected)
      : expected_(expected), github(world + one_in_ten_fails() + Words{"--max-concurrent", "8"}) {}

  Worker::Options here() const { return {redis.url(), github.base_url()}; }
  void expect_same(QueueRun& run) const {
    EXPECT_EQ(run.exit_code(), 0) << run.said();
    EXPECT_THAT(difference(dump(nightly.database(), Part::facts), expected_.facts), IsEmpty());
    EXPECT_EQ(query(nightly.database(), "PRAGMA integrity_check"), (Rows{{"ok"}}));
  }
  std::string losses() const {
    return value(nightly.database(), "SELECT count(*) FROM requests WHERE outcome = 'worker_lost'");
  }

 private:
  const Expected& expected_;

 protected:
  RedisServer redis;
  Simulator github;
  Nightly nightly{github.base_url(), expected_.users};
};

struct WholeQueue : QueueTest {
  WholeQueue() : QueueTest(kWorld, once()) {}
  static const Expected& once() {
    static const Expected expected(kWorld);
    return expected;
  }
};

struct Queue : QueueTest {
  Queue() : QueueTest(kQuickWorld, once()) {}
  static const Expected& once() {
    static const Expected expected(kQuickWorld);
    return expected;
  }
};

TEST_F(WholeQueue, GivesTheDatabaseThatOneProcessGives) {
  Worker one(here()), two(here());
  QueueRun run(nightly, redis.url());
  expect_same(run);
  EXPECT_EQ(losses(), "0");
  EXPECT_EQ(redis.keys(), 0);
  for (Worker* worker : {&one, &two}) {
    worker->wait_until_it_says("has left nightly: ");
    EXPECT_THAT(worker->said(), ::testing::Not(HasSubstr("nightly: 0 requests")));
    EXPECT_EQ(worker->end(), 0);
  }
  const nlohmann::json report = github.report();
  EXPECT_EQ(report.at("impolite"), 0) << report;
}

// A late worker may get no tasks at first, so fewer than eight requests may be in flight; and no
// lease may expire while the API holds all requests.
TEST(QueueLimits, HoldForAllTasksThatWorkersHave) {
  std::vector<std::string> users;
  for (int i = 0; i < 40; ++i) users.push_back("user-" + std::to_string(i));
  const RedisServer redis;
  GatedApi api(0);
  const Nightly nightly(api.base_url(), users);
  std::deque<Worker> workers;
  for (int i = 0; i < 4; ++i) workers.emplace_back(Worker::Options{redis.url(), api.base_url()});
  QueueRun run(nightly, redis.url(),
               {"--set", "limits.concurrent=8", "--set", "execution.lease=10m", "--set",
                "fetch.timeout=10m"});
  api.wait_until_held(1);
  const std::string id = redis.ask_one({"SMEMBERS", "repopipe:runs"});
  EXPECT_TRUE(eventually([&] {
    return redis.ask_one({"XLEN", "repopipe:" + id + ":tasks"}) == "8";
  }));
  EXPECT_TRUE(eventually([&] {
    api.release();
    return run.process().ends_within(0ms);
  }));
  EXPECT_EQ(run.exit_code(), 0) << run.said();
  EXPECT_LE(api.most_held(), 8);
  EXPECT_EQ(api.asked().size(), users.size());
}

TEST_F(Queue, LosesNothingWithWorkersThatAreKilled) {
  std::deque<Worker> workers;
  for (int i = 0; i < 3; ++i) workers.emplace_back(here());
  QueueRun run(nightly, redis.url());
  int kills = 0;
  for (int users = kUsers / 20; users < kUsers && run.gets_to(users); users += kUsers / 10) {
    workers[static_cast<std::size_t>(kills++)].kill();
    workers.emplace_back(here());
  }
  expect_same(run);
  EXPECT_EQ(redis.keys(), 0);
  EXPECT_GE(kills, 5);
  EXPECT_NE(losses(), "0");
  const nlohmann::json report = github.report();
  EXPECT_EQ(report.at("impolite"), 0) << report;
}

TEST_F(Queue, GoesOnWithTheSameWorkersAfterTheRunIsKilled) {
  Worker one(here()), two(here());
  for (const int users : {kUsers / 7, kUsers / 2}) {
    QueueRun run(nightly, redis.url());
    ASSERT_TRUE(run.gets_to(users));
    run.process().signal(SIGKILL);
    EXPECT_EQ(run.process().wait().signal, SIGKILL);
    EXPECT_GT(redis.keys(), 0);
    for (const std::string& key : redis.ask({"KEYS", "*"})) {
      EXPECT_GT(std::stol(redis.ask_one({"PTTL", key})), 0) << key;
    }
  }
  QueueRun run(nightly, redis.url());
  expect_same(run);
  EXPECT_EQ(query(nightly.database(), "SELECT id, resumed FROM runs"), (Rows{{"1", "2"}}));
}

TEST_F(Queue, LeavesAWorkerBehindThatStandsStill) {
  Worker still(here()), alive(here());
  QueueRun run(nightly, redis.url());
  ASSERT_TRUE(run.gets_to(kUsers / 10));
  still.process().signal(SIGSTOP);
  ASSERT_TRUE(run.gets_to(kUsers / 2));
  still.process().signal(SIGCONT);
  expect_same(run);
  EXPECT_EQ(still.end(), 0);
  EXPECT_EQ(redis.keys(), 0);
}

TEST_F(Queue, HasAWorkerThatEndsInTheMiddleFinishWhatItHas) {
  Worker first(here());
  QueueRun run(nightly, redis.url());
  ASSERT_TRUE(run.gets_to(kUsers / 7));
  EXPECT_EQ(first.end(), 0);
  EXPECT_THAT(first.said(), HasSubstr("has left nightly: "));
  Worker second(here());
  expect_same(run);
  EXPECT_EQ(losses(), "0") << "nothing was left to its lease";
}

struct Trouble {
  std::string name;
  std::function<void(RedisServer&)> make;
  std::string said;

  friend std::ostream& operator<<(std::ostream& out, const Trouble& trouble) {
    return out << trouble.name;
  }
};

class TroubledQueue : public Queue, public ::testing::WithParamInterface<Trouble> {};

TEST_P(TroubledQueue, LosesNothing) {
  Worker one(here()), two(here());
  QueueRun run(nightly, redis.url());
  for (const int users : {kUsers / 7, kUsers / 2}) {
    ASSERT_TRUE(run.gets_to(users));
    GetParam().make(redis);
  }
  expect_same(run);
  EXPECT_THAT(run.said(), HasSubstr("the queue is lost: " + GetParam().said));
  EXPECT_THAT(run.said(), HasSubstr("reconnected to " + redis.url()));
  EXPECT_EQ(redis.keys(), 0);
  const nlohmann::json report = github.report();
  EXPECT_EQ(report.at("over_limit").at("count"), 0) << report;
}

INSTANTIATE_TEST_SUITE_P(
    Redis, TroubledQueue,
    ::testing::Values(Trouble{"Killed",
                              [](RedisServer& redis) {
                                redis.kill();
                                redis.start();
                              },
                              ""},
                      Trouble{"Emptied", [](RedisServer& redis) { redis.ask({"FLUSHALL"}); },
                              "the keys of this run are gone from Redis"},
                      Trouble{"CutOff",
                              [](RedisServer& redis) {
                                redis.ask({"CLIENT", "KILL", "TYPE", "normal"});
                              },
                              ""}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace repopipe::e2e
