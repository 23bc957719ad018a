// More than one at the database: a second run, and people who read while a run writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <memory>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

struct Overlap : ::testing::Test {
  Overlap() { api.wait_until_held(1); }

  GatedApi api{0};
  Nightly nightly{api.base_url(), {"octocat"}};
  Process first{nightly.program()};
};

TEST_F(Overlap, TheSecondRunEndsWith75) {
  const Ended second = nightly.run();
  EXPECT_EQ(second.exit_code, 75);
  EXPECT_THAT(second.err, HasSubstr("another run"));
  api.open();
  EXPECT_EQ(first.wait().exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "SELECT id, status FROM runs"), (Rows{{"1", "complete"}}));
}

TEST_F(Overlap, TheSecondRunMaySkip) {
  const Ended second = nightly.run({"--set", "run.on_overlap=skip"});
  EXPECT_EQ(second.exit_code, 0);
  EXPECT_THAT(second.err, HasSubstr("skipped"));
  EXPECT_EQ(nightly.run({"--set", "run.on_overlap=skip", "--quiet"}).err, "");
  api.open();
  EXPECT_EQ(first.wait().exit_code, 0);
}

TEST_F(Overlap, TheSecondRunMayWait) {
  Process second(nightly.program({"--set", "run.on_overlap=wait"}));
  EXPECT_TRUE(second.says("; waits for its end"));
  EXPECT_FALSE(second.ends_within(0ms));
  api.open();
  EXPECT_EQ(first.wait().exit_code, 0);
  EXPECT_EQ(second.wait().exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "SELECT id, status, resumed FROM runs"),
            (Rows{{"1", "complete", "0"}, {"2", "complete", "0"}}));
}

TEST_F(Overlap, ASignalEndsTheWaiting) {
  Process second(nightly.program({"--set", "run.on_overlap=wait"}));
  EXPECT_TRUE(second.says("waits for its end"));
  second.signal(SIGTERM);
  EXPECT_EQ(second.wait().exit_code, 143);
  api.open();
  EXPECT_EQ(first.wait().exit_code, 0);
}

// Runs that start together on a database that is not there yet; the parameter says how many.
struct SameSecond : ::testing::TestWithParam<int> {
  void start(const std::string& on_overlap) {
    for (int i = 0; i < GetParam(); ++i) {
      runs.push_back(
          std::make_unique<Process>(nightly.program({"--set", "run.on_overlap=" + on_overlap})));
    }
    api.wait_until_held(1);
  }
  // The processes that end while the running one cannot; their exit codes and output.
  std::vector<Ended> ended_meanwhile() {
    std::vector<Ended> ended;
    const auto hangs = std::chrono::steady_clock::now() + 60s;
    while (runs.size() > 1 && std::chrono::steady_clock::now() < hangs) {
      const auto over = std::ranges::find_if(runs, [](auto& run) { return run->ends_within(2ms); });
      if (over == runs.end()) continue;
      ended.push_back((*over)->wait());
      runs.erase(over);
    }
    return ended;
  }
  void expect_one_run() {
    EXPECT_EQ(runs.size(), 1);
    api.open();
    EXPECT_EQ(runs.front()->wait().exit_code, 0);
    EXPECT_EQ(query(nightly.database(), "SELECT id, status, resumed FROM runs"),
              (Rows{{"1", "complete", "0"}}));
    EXPECT_EQ(api.asked(), (std::map<std::string, int>{{"octocat", 1}}));
  }

  GatedApi api{0};
  Nightly nightly{api.base_url(), {"octocat"}};
  std::vector<std::unique_ptr<Process>> runs;
};

TEST_P(SameSecond, OneWorksAndTheOthersEndWith75) {
  start("fail");
  for (const Ended& ended : ended_meanwhile()) {
    EXPECT_EQ(ended.exit_code, 75);
    EXPECT_THAT(ended.err, HasSubstr("another run is using it"));
  }
  expect_one_run();
}

TEST_P(SameSecond, OneWorksAndTheOthersSkip) {
  start("skip");
  for (const Ended& ended : ended_meanwhile()) {
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_THAT(ended.err, HasSubstr("skipped"));
  }
  expect_one_run();
}

TEST_P(SameSecond, OneWorksAfterTheOther) {
  start("wait");
  api.open();
  for (const auto& run : runs) EXPECT_EQ(run->wait().exit_code, 0);
  Rows expected;
  for (int i = 1; i <= GetParam(); ++i) expected.push_back({std::to_string(i), "complete", "0"});
  EXPECT_EQ(query(nightly.database(), "SELECT id, status, resumed FROM runs"), expected);
}

INSTANTIATE_TEST_SUITE_P(Runs, SameSecond, ::testing::Values(2, 5),
                         ::testing::PrintToStringParamName());

TEST(Reading, NeverFailsWhileARunWrites) {
  const Simulator github(world());
  const Nightly nightly(github.base_url(), users_of(world()));
  ASSERT_EQ(nightly.run().exit_code, 0);  // the schema exists
  const Reader reader(nightly.database());
  Process process(nightly.program());
  int reads = 0;
  while (!process.ends_within(std::chrono::milliseconds(0))) {
    ASSERT_NO_THROW(reader.query("SELECT count(*) FROM run_users"));
    ASSERT_NO_THROW(reader.query("SELECT * FROM latest_run"));
    ++reads;
  }
  EXPECT_EQ(process.wait().exit_code, 0);
  EXPECT_GT(reads, 1);
}

}  // namespace
}  // namespace repopipe::e2e
