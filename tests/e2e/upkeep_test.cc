// The removal of old rows after a run, `repopipe prune` and `repopipe compact`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"

namespace repopipe::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Upkeep : ::testing::Test {
  Upkeep() {
    for (int night = 0; night < 5; ++night) EXPECT_EQ(nightly.run().exit_code, 0);
  }
  // The runs so far began that many days ago.
  void age(const std::string& days) const {
    execute(nightly.database(),
            "UPDATE runs SET started_at = strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-" + days +
                " days')");
  }
  Program program(std::vector<std::string> arguments) const {
    Program program{.arguments = {repopipe_binary()}, .folder = nightly.folder().path()};
    for (std::string& argument : arguments) program.arguments.push_back(std::move(argument));
    return program;
  }
  Ended repopipe(std::vector<std::string> arguments) const {
    return e2e::run(program(std::move(arguments)));
  }
  Rows runs_with_requests() const {
    return query(nightly.database(), "SELECT DISTINCT run_id FROM requests ORDER BY 1");
  }
  std::vector<std::string> facts() const { return dump(nightly.database(), Part::facts); }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& each : fs::directory_iterator(nightly.folder().path())) {
      names.push_back(each.path().filename());
    }
    std::ranges::sort(names);
    return names;
  }

  GatedApi api{1000};
  Nightly nightly{api.base_url(), {"octocat", "torvalds"}};
};

using Prune = Upkeep;
using Compact = Upkeep;

TEST_F(Prune, HappensAfterARunAndIsToldInItsSummary) {
  age("31");
  const Ended first = nightly.run({"--summary", "json"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.err, AllOf(HasSubstr("log    8 old rows of requests and "),
                               HasSubstr("store.keep_requests")));
  EXPECT_EQ(nlohmann::json::parse(first.out)["removed"]["requests"], 8);
  EXPECT_EQ(runs_with_requests(), (Rows{{"5"}, {"6"}}));
  EXPECT_EQ(value(nightly.database(), "SELECT sum(count) FROM run_requests"), "12");
  age("31");
  const Ended second = nightly.run();
  EXPECT_THAT(second.err, AllOf(HasSubstr("log    2 old rows of requests and "),
                                Not(HasSubstr("store.keep_requests"))));
  const Ended third = nightly.run({"--set", "store.keep_requests=forever"});
  EXPECT_THAT(third.err, Not(HasSubstr("old rows")));
}

TEST_F(Prune, OfAJobFollowsItsKeys) {
  age("20");
  EXPECT_EQ(repopipe({"prune", "nightly.yaml"}).err.find("removed 0 rows"),
            nightly.database().string().size() + 2);
  std::ofstream(nightly.job(), std::ios::app) << "\nstore: {keep_requests: 7d}\n";
  const std::vector<std::string> before = facts();
  const Ended dry = repopipe({"prune", "nightly.yaml", "--dry-run"});
  EXPECT_EQ(dry.exit_code, 0) << dry.err;
  EXPECT_THAT(dry.err, HasSubstr("would remove 6 rows of requests"));
  EXPECT_EQ(runs_with_requests().size(), 5U);
  const Ended ended = repopipe({"prune", "nightly.yaml"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("removed 6 rows of requests"));
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(runs_with_requests(), (Rows{{"4"}, {"5"}}));
  EXPECT_EQ(repopipe({"prune", "nightly.yaml", "-q"}).err, "");
}

TEST_F(Prune, OfADatabaseFollowsTheDefaults) {
  age("40");
  execute(nightly.database(), "UPDATE runs SET job = 'former' WHERE id < 3");
  EXPECT_THAT(repopipe({"prune", "repos.db"}).err, HasSubstr("removed 2 rows of requests"));
  EXPECT_EQ(runs_with_requests().size(), 4U);
}

TEST_F(Prune, RefusesWhatItCannotRead) {
  EXPECT_EQ(repopipe({"prune", "none.db"}).exit_code, 73);
  EXPECT_FALSE(fs::exists(nightly.folder() / "none.db"));
  std::ofstream(nightly.folder() / "wrong.yaml") << "store: 1\n";
  EXPECT_EQ(repopipe({"compact", "wrong.yaml"}).exit_code, 78);
}

TEST_F(Upkeep, WaitsForNoRun) {
  api.hold();
  Process process(nightly.program());
  api.wait_until_held(1);
  for (const char* command : {"prune", "compact"}) {
    const Ended ended = repopipe({command, "repos.db"});
    EXPECT_EQ(ended.exit_code, 75) << command;
    EXPECT_THAT(ended.err, HasSubstr("another run is using it"));
  }
  api.open();
  EXPECT_EQ(process.wait().exit_code, 0);
}

TEST_F(Upkeep, AFailingRemovalIsAWarning) {
  age("31");
  execute(nightly.database(),
          "CREATE TRIGGER mine BEFORE DELETE ON requests BEGIN SELECT raise(ABORT, 'no'); END");
  const Ended ended = nightly.run({"--quiet"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("old rows could not be removed: "));
  EXPECT_EQ(std::ranges::count(ended.err, '\n'), 1) << ended.err;
  EXPECT_EQ(value(nightly.database(), "SELECT status FROM latest_run"), "complete");
}

TEST_F(Compact, LeavesASmallerFileWithTheSameRows) {
  execute(nightly.database(),
          "CREATE TABLE filling AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
          "WHERE i < 400) SELECT randomblob(4000) AS bytes FROM n; DROP TABLE filling");
  fs::permissions(nightly.database(), static_cast<fs::perms>(0640));
  const auto size = fs::file_size(nightly.database());
  const std::vector<std::string> before = facts();
  fs::create_symlink("repos.db", nightly.folder() / "link.db");
  const Ended ended = repopipe({"compact", "link.db"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.err, AllOf(HasSubstr("link.db: has "), HasSubstr("MB")));
  EXPECT_LT(fs::file_size(nightly.database()), size / 2);
  EXPECT_EQ(fs::status(nightly.database()).permissions(), static_cast<fs::perms>(0640));
  EXPECT_TRUE(fs::is_symlink(nightly.folder() / "link.db"));
  fs::remove(nightly.folder() / "link.db");
  EXPECT_THAT(difference(facts(), before), IsEmpty());
  EXPECT_EQ(value(nightly.database(), "PRAGMA integrity_check"), "ok");
  EXPECT_EQ(value(nightly.database(), "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(value(nightly.database(), "PRAGMA auto_vacuum"), "2");
  EXPECT_EQ(nightly.run().exit_code, 0);
  EXPECT_THAT(files(), ElementsAre("nightly.yaml", "repos.db", "users.txt"));
}

TEST_F(Compact, GivesIncrementalVacuumToAnOldFile) {
  execute(nightly.database(), "PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = NONE; VACUUM");
  ASSERT_EQ(value(nightly.database(), "PRAGMA auto_vacuum"), "0");
  EXPECT_EQ(repopipe({"compact", "repos.db"}).exit_code, 0);
  EXPECT_EQ(value(nightly.database(), "PRAGMA auto_vacuum"), "2");
  EXPECT_EQ(nightly.run().exit_code, 0);
}

// Every operation of SQLite fails once, and then all from it on, as on a full disk.
TEST_F(Compact, LeavesAUsableDatabaseAfterEveryFailureOfTheDisk) {
  const std::vector<std::string> before = facts();
  for (const std::string extent : {"once:", "on:"}) {
    int failed = 0;
    for (int operation = 1;; operation += 1 + operation / 20) {
      Program compact = program({"compact", "repos.db"});
      compact.arguments[0] = fs::path(REPOPIPE_BINARY_DIR) / "faulty_repopipe";
      const fs::path struck = nightly.folder() / "struck";
      compact.environment["REPOPIPE_TEST_FAULT"] = extent + std::to_string(operation);
      compact.environment["REPOPIPE_TEST_STRUCK"] = struck.string();
      const Ended ended = e2e::run(compact);
      if (!fs::remove(struck)) break;
      failed += ended.exit_code == 0 ? 0 : 1;
      EXPECT_THAT(ended.exit_code, ::testing::AnyOf(0, 73, 74)) << operation << ended.err;
      // A writer rolls back what was not finished.
      execute(nightly.database(), "SELECT count(*) FROM runs");
      EXPECT_THAT(difference(facts(), before), IsEmpty()) << operation;
      EXPECT_EQ(value(nightly.database(), "PRAGMA integrity_check"), "ok");
      EXPECT_FALSE(fs::exists(nightly.database().string() + "-compact"));
    }
    EXPECT_GT(failed, 10) << extent;
  }
  EXPECT_EQ(nightly.run().exit_code, 0);
  EXPECT_THAT(files(), ElementsAre("nightly.yaml", "repos.db", "users.txt"));
}

TEST_F(Compact, MayBeKilledAtEveryCommit) {
  const std::vector<std::string> before = facts();
  int kills = 0;
  for (const std::string moment : {"before:", "after:"}) {
    for (int commit = 1;; ++commit) {
      Program compact = program({"compact", "repos.db"});
      compact.arguments[0] = fs::path(REPOPIPE_BINARY_DIR) / "killed_repopipe";
      compact.environment["REPOPIPE_TEST_KILL"] = moment + std::to_string(commit);
      if (e2e::run(compact).signal != SIGKILL) break;
      ++kills;
      execute(nightly.database(), "SELECT count(*) FROM runs");
      EXPECT_THAT(difference(facts(), before), IsEmpty()) << moment << commit;
    }
  }
  EXPECT_GT(kills, 0);
  std::ofstream(nightly.database().string() + "-compact") << "left by a compaction";
  std::ofstream(nightly.database().string() + "-compact-wal") << "left by a compaction";
  EXPECT_EQ(repopipe({"compact", "repos.db"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(nightly.database().string() + "-compact-wal"));
  EXPECT_EQ(nightly.run().exit_code, 0);
}

TEST_F(Compact, RefusesADatabaseThatAnotherProgramHasOpen) {
  const Rows rows = query(nightly.database(), "PRAGMA journal_mode");
  const Reader reader(nightly.database());
  (void)reader.query("SELECT count(*) FROM runs");
  const Ended ended = repopipe({"compact", "repos.db"});
  EXPECT_EQ(ended.exit_code, 75) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("another program has it open"));
  EXPECT_EQ(query(nightly.database(), "PRAGMA journal_mode"), rows);
}

TEST_F(Upkeep, ADatabaseMayBelongToAGroup) {
  const Nightly shared(api.base_url(), {"octocat"});
  Program program = shared.program({"--set", "store.access=group"});
  EXPECT_EQ(e2e::run(program).exit_code, 0);
  EXPECT_EQ(fs::status(shared.database()).permissions(), static_cast<fs::perms>(0660));
  EXPECT_EQ(fs::status(nightly.database()).permissions(), static_cast<fs::perms>(0600));
}

}  // namespace
}  // namespace repopipe::e2e
