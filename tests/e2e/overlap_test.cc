// More than one at the database: a second run, and people who read while a run writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

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
  EXPECT_FALSE(second.ends_within(200ms));
  api.open();
  EXPECT_EQ(first.wait().exit_code, 0);
  EXPECT_EQ(second.wait().exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "SELECT id, status, resumed FROM runs"),
            (Rows{{"1", "complete", "0"}, {"2", "complete", "0"}}));
}

TEST_F(Overlap, ASignalEndsTheWaiting) {
  Process second(nightly.program({"--set", "run.on_overlap=wait"}));
  EXPECT_FALSE(second.ends_within(200ms));
  second.signal(SIGTERM);
  EXPECT_EQ(second.wait().exit_code, 143);
  api.open();
  EXPECT_EQ(first.wait().exit_code, 0);
}

TEST(Reading, NeverFailsWhileARunWrites) {
  const Simulator github(world());
  const Nightly nightly(github.base_url(), users_of(world()));
  ASSERT_EQ(nightly.run().exit_code, 0);  // the schema is there
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
