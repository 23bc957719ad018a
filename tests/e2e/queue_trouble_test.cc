// A queue that is missing, has no workers, or only unfit ones: the run says so, waits for
// run.max_wait, and continues when it can.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/e2e/deliver.h"
#include "tests/e2e/gated_api.h"
#include "tests/e2e/queue_world.h"
#include "tests/e2e/rows.h"
#include "tests/testing/http_server.h"

namespace repopipe::e2e {
namespace {

using namespace std::chrono_literals;
using repopipe::testing::RedisServer;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> some_users() {
  std::vector<std::string> users;
  for (int i = 0; i < 40; ++i) users.push_back("user-" + std::to_string(i));
  return users;
}

const Words kSoon{"--set", "run.max_wait=1s"};

struct BadQueue : ::testing::Test {
  Worker::Options here() const { return {redis.url(), api.base_url()}; }
  void expect_complete(QueueRun& run) const {
    EXPECT_EQ(run.exit_code(), 0) << run.said();
    EXPECT_EQ(query(nightly.database(), "SELECT status, users_ok FROM runs"),
              (Rows{{"complete", "40"}}));
  }
  void expect_given_up(QueueRun& run, const std::string& why) const {
    EXPECT_EQ(run.exit_code(), 69) << run.said();
    EXPECT_THAT(run.said(), HasSubstr("waiting: " + why));
    EXPECT_THAT(run.said(), ContainsRegex("since [0-9.]+ s"));
    EXPECT_THAT(run.said(), HasSubstr("do     check that Redis at"));
    EXPECT_THAT(run.said(), Not(HasSubstr("base_url")));
    EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM run_users"), "0");
  }

  bool tasks_wait() const {
    const std::vector<std::string> runs = redis.ask({"SMEMBERS", "repopipe:runs"});
    return runs.size() == 1 && redis.ask_one({"XLEN", "repopipe:" + runs[0] + ":tasks"}) != "0";
  }

  RedisServer redis;
  GatedApi api{1'000'000};
  Nightly nightly{api.base_url(), some_users()};
};

TEST_F(BadQueue, ThatIsNotThereEndsTheRunAfterItsPatience) {
  redis.kill();
  QueueRun run(nightly, redis.url(), kSoon);
  expect_given_up(run, redis.url() + ": Connection refused");
}

TEST_F(BadQueue, ThatComesInTimeIsUsed) {
  redis.kill();
  Worker worker(here());
  QueueRun run(nightly, redis.url());
  run.wait_until_it_says("waiting: " + redis.url() + ": Connection refused; continues at ");
  worker.wait_until_it_says("Connection refused; trying again");
  redis.start();
  expect_complete(run);
  EXPECT_EQ(redis.keys(), 0);
}

TEST_F(BadQueue, WithoutWorkersEndsTheRunAfterItsPatience) {
  QueueRun run(nightly, redis.url(), kSoon);
  expect_given_up(run, "no worker on " + redis.url() +
                           " (start one with repopipe worker --queue); continues at ");
  EXPECT_EQ(redis.keys(), 0);
}

// Each of the workers fails alone while the other has yet to, and pauses in the middle of its work.
TEST_F(BadQueue, TakesFromAWorkerAgainWhenItsPauseIsOver) {
  const repopipe::testing::HttpServer maintenance([](const std::string&) {
    return repopipe::testing::response("503 Service Unavailable", "Content-Type: text/html\r\n",
                                       "<html>back soon</html>");
  });
  const Nightly job(maintenance.base_url(), some_users());
  const Worker::Options worker{redis.url(), maintenance.base_url()};
  const Worker first(worker), second(worker);
  QueueRun run(
      job, redis.url(),
      {"--set", "run.max_wait=4s", "--set", "run.connect_wait=4s", "--set", "fetch.backoff=20ms"});
  EXPECT_EQ(run.exit_code(), 69) << run.said();
  EXPECT_THAT(run.said(), HasSubstr("fails for everybody: HTTP 503"));
}

TEST_F(BadQueue, WithoutWorkersGoesOnWhenOneComes) {
  QueueRun run(nightly, redis.url(), {"--set", "run.max_wait=1m"});
  ASSERT_TRUE(eventually([&] { return tasks_wait(); }));
  Worker worker(here());
  expect_complete(run);
}

// Unfit workers; the run continues with a fit one.
struct UnfitWorker {
  std::string name;
  std::function<Worker::Options(Worker::Options)> change;
  std::string why;

  friend std::ostream& operator<<(std::ostream& out, const UnfitWorker& unfit) {
    return out << unfit.name;
  }
};

class Unfit : public BadQueue, public ::testing::WithParamInterface<UnfitWorker> {};

TEST_P(Unfit, IsToldWhyAndAFitOneDoesTheWork) {
  const std::map<std::string, std::string> tokens{{"TOKEN", "ghp_left"}, {"OTHER", "ghp_right"}};
  Worker::Options fit = here();
  fit.more = {"--token", "env:TOKEN", "--token", "env:OTHER"};
  fit.environment = tokens;
  Worker unfit(GetParam().change(fit));
  QueueRun run(nightly, redis.url(), {"--set", "provider.tokens=['env:TOKEN', 'env:OTHER']"},
               tokens);
  unfit.wait_until_it_says("was refused by nightly: " + GetParam().why);
  run.wait_until_it_says("was refused: " + GetParam().why);
  Worker good(fit);
  expect_complete(run);
  EXPECT_EQ(unfit.end(), 0);
  EXPECT_THAT(unfit.said() + run.said(), Not(HasSubstr("ghp_")));
}

INSTANTIATE_TEST_SUITE_P(
    Workers, Unfit,
    ::testing::Values(UnfitWorker{"BaseUrl",
                                  [](Worker::Options options) {
                                    options.base_url = "https://api.example.com";
                                    return options;
                                  },
                                  "the run asks http://127.0.0.1:"},
                      UnfitWorker{"Token",
                                  [](Worker::Options options) {
                                    options.more = {"--token", "env:TOKEN"};
                                    return options;
                                  },
                                  "the worker lacks 1 of the run's 2 tokens: see --token"}),
    [](const auto& info) { return info.param.name; });

TEST_F(BadQueue, OfARunOfAnotherVersionIsLeftAlone) {
  redis.ask({"HSET", "repopipe:abc:run", "version", "0.0.1", "job", "old", "announcement", "?"});
  redis.ask({"SADD", "repopipe:runs", "abc"});
  Worker worker(here());
  worker.wait_until_it_says("was refused by old: the worker is version ");
  EXPECT_THAT(worker.said(), HasSubstr(", and the run 0.0.1: install the same"));
  EXPECT_TRUE(eventually([&] {
    return redis.ask({"HGETALL", "repopipe:abc:refused"}).size() == 2;
  }));
  QueueRun run(nightly, redis.url());
  expect_complete(run);
}

// Tests the path of the warning in reverse, because there is no worker of another version.
TEST_F(BadQueue, WithAWorkerOfAnotherVersionIsReported) {
  api.hold();
  Worker worker(here());
  QueueRun run(nightly, redis.url());
  api.wait_until_held(1);
  const std::string id = redis.ask_one({"SMEMBERS", "repopipe:runs"});
  redis.ask({"HSET", "repopipe:" + id + ":refused", "elsewhere:7", "the worker is version 0.0.1"});
  run.wait_until_it_says("worker elsewhere:7 was refused: the worker is version 0.0.1");
  api.open();
  expect_complete(run);
  EXPECT_EQ(redis.keys(), 0);
}

TEST_F(BadQueue, IsLeftSoonAfterCtrlC) {
  api.hold();
  Worker worker(here());
  QueueRun run(nightly, redis.url(), {"--set", "fetch.concurrency=4"});
  api.wait_until_held(4);
  deliver(run.process(), SIGINT);
  while (!run.process().ends_within(20ms)) api.release();
  EXPECT_EQ(run.exit_code(), 130);
  const int kept = std::stoi(value(nightly.database(), "SELECT count(*) FROM run_users"));
  EXPECT_GE(kept, 4) << "what was under way is kept";
  EXPECT_LT(kept, 20) << "and little more was begun";
  EXPECT_EQ(redis.keys(), 0);
  api.open();
  QueueRun rest(nightly, redis.url());
  expect_complete(rest);
}

TEST_F(BadQueue, IsLeftAtOnceAfterCtrlCWithoutWorkers) {
  QueueRun run(nightly, redis.url());
  ASSERT_TRUE(eventually([&] { return tasks_wait(); }));
  deliver(run.process(), SIGINT);
  EXPECT_EQ(run.exit_code(), 130);
  EXPECT_EQ(redis.keys(), 0);
}

TEST_F(BadQueue, IsLeftWhenTheDeadlineComes) {
  api.hold();
  Worker worker(here());
  QueueRun run(nightly, redis.url(), {"--set", "run.deadline=1s", "--set", "fetch.concurrency=2"});
  api.wait_until_held(2);
  while (!run.process().ends_within(100ms)) api.release();  // which would take two seconds
  EXPECT_EQ(run.exit_code(), 75) << run.said();
  EXPECT_EQ(value(nightly.database(), "SELECT count(*) < 40 FROM run_users"), "1");
  EXPECT_EQ(redis.keys(), 0);
}

}  // namespace
}  // namespace repopipe::e2e
