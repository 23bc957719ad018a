// A worker is killed every second for a minute.  Only with REPOPIPE_LONG_TESTS=1; queue_test.cc
// does the same in a few seconds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/e2e/queue_world.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using namespace std::chrono_literals;
using repopipe::testing::RedisServer;
using ::testing::IsEmpty;

constexpr int kWorkers = 4;
constexpr int kKills = 60;

const Words kLargeWorld{"--accounts", "2000", "--seed", "11"};
const Words kEnforced{"--latency", "200ms", "--max-concurrent", "8", "--max-per-minute", "1900"};
const Words kAsked{"--set", "limits.concurrent=8", "--set", "limits.requests_per_minute=1800"};

// Kills one worker a second, and starts another.
int kill_for_a_minute(std::array<std::unique_ptr<Worker>, kWorkers>& workers, QueueRun& run,
                      const Worker::Options& options) {
  std::mt19937 random(1);
  int kills = 0;
  while (kills < kKills && !run.process().ends_within(1s)) {
    auto& worker = workers[random() % kWorkers];
    worker->kill();
    worker = std::make_unique<Worker>(options);
    ++kills;
  }
  return kills;
}

TEST(QueueKills, OfAMinuteLoseAndDoubleNothingAndKeepTheLimits) {
  if (std::getenv("REPOPIPE_LONG_TESTS") == nullptr) GTEST_SKIP() << "takes two minutes";
  const std::vector<std::string> users = simulated_logins(kLargeWorld);
  std::vector<std::string> expected;
  {
    const Simulator github(kLargeWorld + one_in_ten_fails());
    expected = facts_after(github.base_url(), users);
  }
  const RedisServer redis;
  Simulator github(kLargeWorld + one_in_ten_fails() + kEnforced);
  const Nightly nightly(github.base_url(), users);
  const Worker::Options options{redis.url(), github.base_url()};
  std::array<std::unique_ptr<Worker>, kWorkers> workers;
  for (auto& worker : workers) worker = std::make_unique<Worker>(options);
  QueueRun run(nightly, redis.url(), kAsked);
  EXPECT_EQ(kill_for_a_minute(workers, run, options), kKills);
  EXPECT_EQ(run.exit_code(), 0) << run.said();
  EXPECT_THAT(difference(dump(nightly.database(), Part::facts), expected), IsEmpty());
  EXPECT_EQ(redis.keys(), 0);
  const nlohmann::json report = github.report();
  EXPECT_EQ(report.at("impolite"), 0);
  std::cout << run.said() << "requests lost with their workers: "
            << value(nightly.database(),
                     "SELECT count(*) FROM requests WHERE outcome = 'worker_lost'")
            << "\n"
            << report << "\n";
}

}  // namespace
}  // namespace repopipe::e2e
