// `repopipe compare` with a real Redis: the queue as one way among the others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/e2e/deliver.h"
#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/simulator.h"
#include "tests/testing/eventually.h"
#include "tests/testing/redis_server.h"

namespace repopipe::e2e {
namespace {

using nlohmann::json;
using repopipe::testing::eventually;
using repopipe::testing::RedisServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Command lines of processes that hold this text.
std::vector<std::string> processes_with(const std::string& text) {
  std::vector<std::string> all;
  for (const auto& process : std::filesystem::directory_iterator("/proc")) {
    const std::string line = read_file(process.path() / "cmdline");
    if (line.find(text) != line.npos) all.push_back(line);
  }
  return all;
}

// Those that name the queue: its workers.
std::vector<std::string> workers_of(const RedisServer& redis) {
  return processes_with(redis.url());
}

TEST(CompareQueue, IsOneWayAmongTheOthers) {
  const RedisServer redis;
  const std::vector<std::string> options{"--accounts", "40",        "--seed", "3",
                                         "--small",    "--latency", "10ms"};
  const Simulator github(options);
  const Nightly nightly(github.base_url(), simulated_logins(options));
  Program program = nightly.compare({"--queue", redis.url(), "--ways", "event_loop,queue", "--set",
                                     "provider.tokens=['env:TOKEN']", "--json"});
  program.environment["TOKEN"] = "a-token-of-the-test";
  const Ended ended = run(program);
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const json compared = json::parse(ended.out);
  EXPECT_EQ(compared["equal"], true) << compared["differences"];
  std::vector<std::string> ways;
  for (const json& measure : compared["measures"]) {
    ways.push_back(measure["way"]);
    EXPECT_EQ(measure["users"], 40);
    EXPECT_GT(measure["cpu_s"], 0);
  }
  EXPECT_THAT(ways, ElementsAre("event_loop", "queue"));
  EXPECT_THAT(workers_of(redis), IsEmpty());
}

// A job names one of the two; a comparison has each in its turn.
TEST(CompareQueue, StandsBesideTheProcessesOfAJob) {
  const RedisServer redis;
  const std::vector<std::string> options{"--accounts", "10", "--small"};
  const Simulator github(options);
  const Nightly nightly(github.base_url(), simulated_logins(options));
  const Ended ended =
      run(nightly.compare({"--queue", redis.url(), "--ways", "processes,queue", "--processes", "3",
                           "--set", "execution.processes=2", "--json"}));
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const json compared = json::parse(ended.out);
  EXPECT_EQ(compared["equal"], true) << compared["differences"];
  EXPECT_EQ(compared["measures"][0]["way"], "processes");
  EXPECT_EQ(compared["measures"][1]["way"], "queue");
}

TEST(CompareQueue, FailsAsTheWorkerThatCannotStart) {
  const RedisServer redis;
  const Nightly nightly("http://127.0.0.1:9", {"octocat"});
  const Ended ended = run(nightly.compare(
      {"--queue", redis.url(), "--ways", "queue", "--set", "provider.tokens=['cmd:exit 3']"}));
  EXPECT_EQ(ended.exit_code, 77) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("ended with status 3"));
  // A worker that was about to start the command leaves a child that has yet to see it.
  EXPECT_TRUE(eventually([&] { return workers_of(redis).empty(); }));
}

TEST(CompareQueue, TakesItsWorkersAlongWhenItIsInterrupted) {
  const RedisServer redis;
  GatedApi api(0);
  const Nightly nightly(api.base_url(), {"anna", "ben"});
  Process process(nightly.compare({"--queue", redis.url(), "--ways", "queue"}));
  api.wait_until_held(2);
  deliver(process, SIGINT);
  api.open();
  EXPECT_EQ(process.wait().exit_code, 130);
  EXPECT_THAT(workers_of(redis), IsEmpty());
}

// No process continues, whatever it was about to measure.
TEST(CompareQueue, LeavesNoProcessBehindWhenItIsKilled) {
  const std::vector<std::string> options{"--accounts", "200", "--small", "--latency", "2s"};
  const Simulator github(options);
  const Nightly nightly(github.base_url(), simulated_logins(options));
  const RedisServer redis;
  const std::string job = nightly.job();
  const std::vector<std::vector<std::string>> ways{{"processes"},
                                                   {"queue", "--queue", redis.url()}};
  for (std::vector<std::string> way : ways) {
    SCOPED_TRACE(way[0]);
    way.insert(way.begin(), "--ways");
    Process process(nightly.compare(way));
    EXPECT_TRUE(eventually([&] { return processes_with(job).size() > 1; }));
    const bool is_queue = way.size() > 2;
    EXPECT_TRUE(eventually([&] { return !is_queue || redis.keys() > 0; })) << "it has not begun";
    EXPECT_EQ(workers_of(redis).empty(), !is_queue);
    process.signal(SIGKILL);
    EXPECT_TRUE(eventually([&] { return processes_with(job).empty(); }));
    EXPECT_TRUE(eventually([&] { return workers_of(redis).empty(); }));
  }
}

}  // namespace
}  // namespace repopipe::e2e
