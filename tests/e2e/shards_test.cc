// A job in shards on independent machines, and the merged database.
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

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kShards = 3;

Ended merge(const std::filesystem::path& into, const std::vector<std::filesystem::path>& from) {
  Program program{.arguments = {repopipe_binary(), "merge", into.string()}};
  for (const auto& each : from) program.arguments.push_back(each.string());
  return run(program);
}

std::string shard(int number, int count = kShards) {
  return std::to_string(number) + "/" + std::to_string(count);
}

// All facts with numbers of nights instead of runs: a night of the shards is n runs.
std::vector<std::string> facts_by_night(const std::filesystem::path& database,
                                        const std::filesystem::path& scratch) {
  std::filesystem::remove(scratch);
  std::filesystem::copy_file(database, scratch);
  execute(scratch,
          "CREATE TABLE nights AS SELECT id, row_number() OVER (PARTITION BY shard ORDER BY "
          "started_at) AS night FROM runs;"
          "CREATE TABLE all_changes AS SELECT n.night AS run_id, c.repo_id, c.field, c.old_value,"
          " c.new_value, c.changed_at FROM repo_changes c JOIN nights n ON n.id = c.run_id;"
          "DELETE FROM repo_changes; INSERT INTO repo_changes SELECT * FROM all_changes;"
          "CREATE TABLE all_users AS SELECT * FROM run_users;"
          "UPDATE all_users SET run_id = (SELECT night FROM nights n WHERE n.id = run_id);"
          "DELETE FROM run_users; INSERT INTO run_users SELECT * FROM all_users;"
          "UPDATE repos SET first_seen_run = (SELECT night FROM nights n WHERE n.id ="
          " first_seen_run);"
          "UPDATE users SET first_seen_run = (SELECT night FROM nights n WHERE n.id ="
          " first_seen_run)");
  return dump(scratch, Part::facts);
}

TEST(Shards, TogetherAreTheWholeJobNightAfterNight) {
  const std::vector<std::string> users = users_of(world());
  Nightly whole("", users);
  std::vector<Nightly> machines;
  for (int i = 0; i < kShards; ++i) machines.emplace_back("", users);
  const TempFolder folder;
  const auto merged = folder / "merged.db";
  for (const int day : {0, 3}) {
    const Simulator github(world(day));
    whole.ask(github.base_url());
    ASSERT_EQ(whole.run().exit_code, 0);
    std::vector<std::filesystem::path> files;
    for (int i = 0; i < kShards; ++i) {
      Nightly& machine = machines[static_cast<std::size_t>(i)];
      machine.ask(github.base_url());
      const Ended ended = machine.run({"--shard", shard(i + 1)});
      ASSERT_EQ(ended.exit_code, 0) << ended.err;
      files.push_back(machine.database());
    }
    const Ended ended = merge(merged, files);
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(difference(facts_by_night(merged, folder / "a.db"),
                           facts_by_night(whole.database(), folder / "b.db")),
                IsEmpty());
    const char* const kNews =
        "SELECT 'new', full_name FROM new_repos UNION ALL SELECT 'gone', full_name FROM "
        "vanished_repos ORDER BY 1, 2";
    EXPECT_EQ(query(merged, kNews), query(whole.database(), kNews));
    EXPECT_EQ(value(merged, "SELECT sum(users_settled) FROM latest_run"),
              std::to_string(users.size()));
  }
  // A run on the merged database requests only changes, and resumes none of the shards.
  const Simulator github(world(3));
  whole.ask(github.base_url());
  const Ended ended = whole.run({"--set", "store.database=" + merged.string()});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(query(merged,
                  "SELECT id, shard, users_unchanged, repos_changed, repos_new FROM "
                  "latest_run"),
            (Rows{{"7", "NULL", std::to_string(kAccounts), "0", "0"}}));
}

struct OneDatabase : ::testing::Test {
  Ended run(const std::string& which) { return nightly.run({"--shard", which}); }
  std::string settled() { return value(nightly.database(), "SELECT count(*) FROM run_users"); }

  std::vector<std::string> users = users_of(small_world());
  Simulator github{small_world()};
  Nightly nightly{github.base_url(), users};
};

TEST_F(OneDatabase, HoldsOneShardAfterTheOther) {
  ASSERT_EQ(run("1/2").exit_code, 0);
  ASSERT_EQ(run("2/2").exit_code, 0);
  EXPECT_EQ(settled(), std::to_string(users.size()));
  EXPECT_EQ(query(nightly.database(), "SELECT shard, status, resumed FROM latest_run ORDER BY 1"),
            (Rows{{"1/2", "complete", "0"}, {"2/2", "complete", "0"}}));
}

TEST_F(OneDatabase, AnInterruptedShardWaitsForItsOwn) {
  Program killed = nightly.program({"--shard", "1/2"});
  killed.arguments[0] = std::filesystem::path(REPOPIPE_BINARY_DIR) / "killed_repopipe";
  // How many commits create the database, and how many users share one, is not known.
  std::string before = "0";
  for (int commits = 5; before == "0"; ++commits) {
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::filesystem::remove(nightly.database().string() + suffix);
    }
    killed.environment["REPOPIPE_TEST_KILL"] = "after:" + std::to_string(commits);
    ASSERT_EQ(e2e::run(killed).signal, SIGKILL);
    before = settled();
  }
  ASSERT_EQ(run("2/2").exit_code, 0);
  ASSERT_EQ(run("1/2").exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "SELECT id, shard, status, resumed FROM runs ORDER BY id"),
            (Rows{{"1", "1/2", "complete", "1"}, {"2", "2/2", "complete", "0"}}));
  EXPECT_EQ(settled(), std::to_string(users.size()));
  EXPECT_THAT(
      query(nightly.database(), "SELECT 1 FROM run_users GROUP BY login HAVING count(*) > 1"),
      IsEmpty());
}

TEST(ShardOptions, SpeakOfTheShardsUsers) {
  const GatedApi api(1000);
  const Nightly nightly(api.base_url(), {"octocat", "torvalds"});  // 2 of 3 shards: 1 and 2
  EXPECT_THAT(nightly.run({"--shard", "1/3", "--dry-run"}).err,
              HasSubstr("would list 1 user of shard 1/3 from"));
  EXPECT_THAT(nightly.run({"--shard", "2/3"}).err, HasSubstr("users  1: 1 ok"));
  const Ended empty = nightly.run({"--shard", "3/3", "--summary", "json"});
  EXPECT_EQ(empty.exit_code, 0) << empty.err;
  EXPECT_THAT(empty.out, HasSubstr("\"shard\":\"3/3\""));
  EXPECT_EQ(query(nightly.database(), "SELECT shard, status, users_ok FROM runs ORDER BY id"),
            (Rows{{"2/3", "complete", "1"}, {"3/3", "complete", "0"}}));
  for (const char* wrong : {"0/3", "4/3", "x", "1/0", "1/"}) {
    const Ended ended = nightly.run({"--shard", wrong});
    EXPECT_EQ(ended.exit_code, 64) << wrong;
    EXPECT_THAT(ended.err, HasSubstr(std::string(wrong) + " is not I/N")) << wrong;
  }
}

}  // namespace
}  // namespace repopipe::e2e
