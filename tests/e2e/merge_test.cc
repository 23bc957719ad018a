// `repopipe merge` on the command line: output, refusals, kills.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct MergeCommand : ::testing::Test {
  Program program(std::vector<std::string> arguments) {
    Program program{.arguments = {repopipe_binary(), "merge"}, .folder = folder.path()};
    for (std::string& argument : arguments) program.arguments.push_back(std::move(argument));
    return program;
  }
  Ended merge(std::vector<std::string> arguments) { return run(program(std::move(arguments))); }
  void make(const std::string& name, const std::string& user) {
    const Nightly nightly(api.base_url(), {user});
    ASSERT_EQ(nightly.run().exit_code, 0);
    fs::copy_file(nightly.database(), folder / name);
  }
  // One line, and nothing made.
  void expect_refusal(const std::vector<std::string>& arguments, int exit_code,
                      const std::string& file, const std::string& why) {
    const Ended ended = merge(arguments);
    EXPECT_EQ(ended.exit_code, exit_code) << why;
    EXPECT_EQ(std::ranges::count(ended.err, '\n'), 1) << ended.err;
    EXPECT_THAT(ended.err, AllOf(StartsWith("repopipe: "), HasSubstr(file), HasSubstr(why)));
    EXPECT_FALSE(fs::exists(folder / "out.db"));
  }

  GatedApi api{1000};
  TempFolder folder;
};

TEST_F(MergeCommand, SaysALineForEachFile) {
  make("a.db", "octocat");
  make("b.db", "torvalds");
  const std::string before = read_file(folder / "a.db");
  const Ended ended = merge({"out.db", "a.db", "b.db"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err,
            "a.db: 1 run, 1 user, 1 repository (1 new)\n"
            "b.db: 1 run, 1 user, 1 repository (1 new)\n");
  EXPECT_EQ(merge({"out.db", "b.db", "a.db"}).err, "b.db: nothing new\na.db: nothing new\n");
  EXPECT_EQ(merge({"--quiet", "out.db", "b.db", "a.db"}).err, "");
  EXPECT_EQ(read_file(folder / "a.db"), before);
  EXPECT_EQ(value(folder / "out.db", "SELECT count(*) FROM repos"), "2");
  EXPECT_EQ(fs::status(folder / "out.db").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(MergeCommand, RefusesFilesThatCannotBeMerged) {
  make("a.db", "octocat");
  expect_refusal({"out.db", "a.db", "none.db"}, 73, "none.db", "does not exist");
  expect_refusal({"out.db", "."}, 73, folder.path().filename(), "is a folder");
  folder.write("empty.db", "");
  expect_refusal({"out.db", "empty.db"}, 73, "empty.db", "is empty");
  folder.write("text.db", std::string(5000, 'x'));
  expect_refusal({"out.db", "text.db"}, 73, "text.db", "is not a SQLite database");
  execute(folder / "other.db", "CREATE TABLE bookmarks (url TEXT)");
  expect_refusal({"out.db", "other.db"}, 73, "other.db", "is the database of another program");
  fs::copy_file(folder / "a.db", folder / "old.db");
  execute(folder / "old.db", "PRAGMA user_version = 2");
  expect_refusal({"out.db", "old.db"}, 73, "old.db", "the next run of its job");
  fs::copy_file(folder / "a.db", folder / "new.db");
  execute(folder / "new.db", "PRAGMA user_version = 999");
  expect_refusal({"out.db", "new.db"}, 73, "new.db", "use the newer repopipe");
  expect_refusal({"none/out.db", "a.db"}, 73, "none", "does not exist; create it first");
  fs::copy_file(folder / "a.db", folder / "b.db");
  fs::create_hard_link(folder / "a.db", folder / "hard.db");
  expect_refusal({"out.db", "hard.db"}, 73, "hard.db", "has 2 names (hard links)");
  expect_refusal({"hard.db", "b.db"}, 73, "hard.db", "has 2 names (hard links)");
}

TEST_F(MergeCommand, RefusesAFileThatIsNamedTwice) {
  make("a.db", "octocat");
  fs::create_symlink(folder / "a.db", folder / "soft.db");
  fs::create_hard_link(folder / "a.db", folder / "hard.db");
  for (const char* same : {"a.db", "./a.db", "soft.db", "hard.db"}) {
    expect_refusal({"a.db", same}, 64, same, "is the database to merge into");
    expect_refusal({"out.db", "a.db", same}, 64, same, "is the same file as a.db");
  }
}

// Whichever of the two differs, and wherever the other database comes in.
TEST_F(MergeCommand, RefusesDatabasesOfDifferentApis) {
  make("a.db", "octocat");
  make("b.db", "torvalds");
  const std::map<std::string, std::string> others{{"host", "github at ghe.example"},
                                                  {"provider", "gitea at 127.0.0.1"}};
  for (const auto& [column, told] : others) {
    fs::copy_file(folder / "b.db", folder / "other.db", fs::copy_options::overwrite_existing);
    const std::string word = column == "host" ? "ghe.example" : "gitea";
    execute(folder / "other.db", "UPDATE runs SET " + column + " = '" + word + "'");
    expect_refusal({"out.db", "a.db", "other.db"}, 78, "other.db: holds what " + told + " told",
                   "a.db what github at 127.0.0.1 told; databases of one API can be merged");
    expect_refusal({"out.db", "other.db", "b.db", "a.db"}, 78, "other.db what " + told + " told",
                   "b.db: holds what github at 127.0.0.1 told");
    const std::string before = read_file(folder / "a.db");
    expect_refusal({"a.db", "other.db"}, 78, "a.db", "databases of one API can be merged");
    EXPECT_EQ(read_file(folder / "a.db"), before);
  }
}

TEST_F(MergeCommand, DoesNotDisturbARun) {
  make("a.db", "octocat");
  GatedApi gated(0);
  const Nightly nightly(gated.base_url(), {"torvalds"});
  Process running(nightly.program());
  gated.wait_until_held(1);
  const Ended ended = merge({nightly.database(), "a.db"});
  EXPECT_EQ(ended.exit_code, 75);
  EXPECT_THAT(ended.err, HasSubstr("another run is using it"));
  // Reading is allowed.
  EXPECT_EQ(merge({"out.db", nightly.database()}).exit_code, 0);
  EXPECT_EQ(value(folder / "out.db", "SELECT status FROM runs"), "running");
  gated.open();
  EXPECT_EQ(running.wait().exit_code, 0);
  EXPECT_EQ(merge({"out.db", nightly.database()}).exit_code, 0);
  EXPECT_EQ(query(folder / "out.db", "SELECT status, users_ok FROM runs"),
            (Rows{{"complete", "1"}}));
}

TEST_F(MergeCommand, IsWhollyThereOrNotAtAllWheneverItIsKilled) {
  make("a.db", "octocat");
  const Simulator github(small_world());
  const Nightly nightly(github.base_url(), users_of(small_world()));
  ASSERT_EQ(nightly.run().exit_code, 0);
  ASSERT_EQ(merge({"calm.db", "a.db"}).exit_code, 0);
  const auto before = dump(folder / "calm.db", Part::effort);
  ASSERT_EQ(merge({"calm.db", nightly.database()}).exit_code, 0);
  const auto after = dump(folder / "calm.db", Part::effort);
  int killed = 0;
  for (const char* moment : {"before:", "after:"}) {
    for (int commit = 1;; ++commit) {
      fs::remove(folder / "out.db");
      ASSERT_EQ(merge({"out.db", "a.db"}).exit_code, 0);
      Program program = this->program({"out.db", nightly.database()});
      program.arguments[0] = fs::path(REPOPIPE_BINARY_DIR) / "killed_repopipe";
      program.environment["REPOPIPE_TEST_KILL"] = moment + std::to_string(commit);
      const Ended ended = run(program);
      ASSERT_TRUE(ended.signal == SIGKILL || ended.exit_code == 0) << ended.err;
      EXPECT_EQ(query(folder / "out.db", "PRAGMA integrity_check"), (Rows{{"ok"}}));
      const auto content = dump(folder / "out.db", Part::effort);
      EXPECT_TRUE(content == before || content == after) << moment << commit;
      ASSERT_EQ(merge({"out.db", nightly.database()}).exit_code, 0);
      EXPECT_EQ(dump(folder / "out.db", Part::effort), after);
      if (ended.signal != SIGKILL) break;
      ++killed;
    }
  }
  EXPECT_GE(killed, 4);
}

}  // namespace
}  // namespace repopipe::e2e
