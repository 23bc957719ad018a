// What other programs do to the file of a database, while a run uses it and after one was killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/testing/sanitized.h"

namespace repopipe::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct DatabaseFile : ::testing::Test {
  GatedApi api{1};
  Nightly nightly{api.base_url(), {"octocat", "torvalds", "gaearon"}};
};

// The log of the killed run belongs to the name that it was made under.
TEST_F(DatabaseFile, WithASecondNameIsRefusedUntilItHasOneAgain) {
  Process killed(nightly.program({"--set", "fetch.concurrency=1"}));
  api.wait_until_held(1);
  killed.signal(SIGKILL);
  EXPECT_EQ(killed.wait().signal, SIGKILL);
  api.open();
  const fs::path second = nightly.folder() / "second.db";
  fs::create_hard_link(nightly.database(), second);
  const std::string log = nightly.database().string() + "-wal";
  ASSERT_TRUE(fs::exists(log));
  const std::string before = read_file(second) + read_file(log);
  for (const char* overlap : {"fail", "skip", "wait"}) {
    for (const fs::path& name : {second, nightly.database()}) {
      const Ended ended = nightly.run({"--set", "store.database=" + name.string(), "--set",
                                       std::string("run.on_overlap=") + overlap});
      EXPECT_EQ(ended.exit_code, 73) << ended.err;
      EXPECT_THAT(ended.err, AllOf(HasSubstr(name.string() + ": the file has 2 names"),
                                   HasSubstr("use a symbolic link, or a copy made with sqlite3")));
    }
  }
  EXPECT_EQ(read_file(second) + read_file(log), before);
  EXPECT_FALSE(fs::exists(second.string() + "-wal"));
  fs::remove(second);
  EXPECT_EQ(nightly.run().exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "PRAGMA integrity_check"), (Rows{{"ok"}}));
  EXPECT_EQ(query(nightly.database(), "SELECT status, resumed, users_ok FROM runs"),
            (Rows{{"complete", "1", "3"}}));
}

// Snapshots by `cp -al` are made at any time.  The run has the file under its own name.
TEST_F(DatabaseFile, ThatGetsASecondNameDuringARunDoesNotEndIt) {
  Process process(nightly.program());
  api.wait_until_held(1);
  fs::create_hard_link(nightly.database(), nightly.folder() / "second.db");
  EXPECT_EQ(nightly.run({"--set", "store.database=second.db"}).exit_code, 73);
  api.open();
  EXPECT_EQ(process.wait().exit_code, 0);
  EXPECT_EQ(nightly.run().exit_code, 73);
  EXPECT_EQ(query(nightly.database(), "PRAGMA integrity_check"), (Rows{{"ok"}}));
}

// Of another program, to a file that stays the same one, as `truncate` and `cp` do it.
struct Damage {
  const char* name;
  std::function<void(const Nightly& nightly)> happens;
  int runs_left;  // that the file has by itself
};

void overwrite(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

const Damage kDamages[] = {
    {"Emptied", [](auto& nightly) { fs::resize_file(nightly.database(), 0); }, 0},
    {"OlderCopy",
     [](auto& nightly) { overwrite(nightly.database(), read_file(nightly.folder() / "older.db")); },
     1},
    {"OlderCopyOfTheSameSize",
     [](auto& nightly) {
       std::string content = read_file(nightly.folder() / "older.db");
       content.resize(fs::file_size(nightly.database()));
       overwrite(nightly.database(), content);
     },
     1},
};

struct DamagedFile : ::testing::TestWithParam<Damage> {
  DamagedFile() {
    EXPECT_EQ(nightly.run().exit_code, 0);
    fs::copy_file(nightly.database(), nightly.folder() / "older.db");
    EXPECT_EQ(nightly.run().exit_code, 0);
    api.hold();
  }

  GatedApi api{4};
  Nightly nightly{api.base_url(), {"octocat", "torvalds"}};
};

TEST_P(DamagedFile, EndsTheRunWith74AndIsLeftAsItIs) {
  Process process(nightly.program({"--summary", "json"}));
  api.wait_until_held(2);
  GetParam().happens(nightly);
  api.open();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 74);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("put the former file back"), Not(HasSubstr("stored in"))));
  const auto summary = nlohmann::json::parse(ended.out);
  EXPECT_THAT(summary["error"].get<std::string>(), HasSubstr("by another program while the run"));
  EXPECT_EQ(summary["database"], nullptr);
  EXPECT_TRUE(fs::exists(nightly.database().string() + "-wal-lost"));
  // The remaining file is valid, and the next run resumes.
  EXPECT_EQ(nightly.run().exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "PRAGMA integrity_check"), (Rows{{"ok"}}));
  EXPECT_EQ(query(nightly.database(), "SELECT count(*), sum(status = 'complete') FROM runs"),
            (Rows{Row(2, std::to_string(GetParam().runs_left + 1))}));
}

INSTANTIATE_TEST_SUITE_P(All, DamagedFile, ::testing::ValuesIn(kDamages),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_F(DatabaseFile, OnAFullDiskEndsTheRunWith74FromItsFirstWriteOn) {
  api.open();
  for (const std::string blocks : {"0", "1", "40", "80", "120"}) {  // of 512 bytes
    // The thread sanitizer writes a file at the start of a program.
    if (is_sanitized() && blocks == "0") continue;
    const Nightly other(api.base_url(), {"octocat"});
    Program program{.arguments = {"/bin/sh", "-c", "ulimit -f $0; exec \"$@\"", blocks}};
    const Program run_it = other.program();
    program.arguments.insert(program.arguments.end(), run_it.arguments.begin(),
                             run_it.arguments.end());
    const Ended ended = run(program);
    EXPECT_EQ(ended.exit_code, 74) << blocks << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("free space on the disk of the database")) << blocks;
    EXPECT_EQ(other.run().exit_code, 0);
  }
}

TEST_F(DatabaseFile, ThatIsDamagedOrLacksATableIsToldWithARemedy) {
  api.open();
  ASSERT_EQ(nightly.run().exit_code, 0);
  const std::string good = read_file(nightly.database());
  for (const char* table : {"pages", "runs", "repo_stats", "listings"}) {
    overwrite(nightly.database(), good);
    execute(nightly.database(), "PRAGMA foreign_keys = OFF; DROP TABLE " + std::string(table));
    const Ended ended = nightly.run();
    EXPECT_THAT(ended.exit_code, AnyOf(73, 74)) << table;
    EXPECT_THAT(ended.err, AllOf(HasSubstr("no such table: "), HasSubstr("restore a")))
        << ended.err;
  }
  const std::size_t page = 16 * 1024;
  overwrite(nightly.database(), good.substr(0, page) + std::string(good.size() - page, '\x7f'));
  const Ended ended = nightly.run();
  EXPECT_THAT(ended.exit_code, AnyOf(73, 74));
  EXPECT_THAT(ended.err, AllOf(HasSubstr("malformed"), HasSubstr("restore a")));
}

}  // namespace
}  // namespace repopipe::e2e
