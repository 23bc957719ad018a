// What other programs do to the file of a database, while a run uses it and after one was killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"

namespace repopipe::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

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

}  // namespace
}  // namespace repopipe::e2e
