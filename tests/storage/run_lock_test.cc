#include "storage/run_lock.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/storage/temp_folder.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;

class RunLockTest : public ::testing::Test {
 protected:
  RunLockTest() { std::ofstream(file_).close(); }

  TempFolder folder_;
  const fs::path file_ = folder_ / "repos.db";
};

TEST_F(RunLockTest, LetsOneRunAtATimeHaveADatabase) {
  {
    const auto first = RunLock::acquire(file_, WhenLocked::fail);
    ASSERT_TRUE(first);
    const auto second = RunLock::acquire(file_, WhenLocked::fail);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error(),
              (Failure{FailureKind::overlap, file_.string() + ": another run is using it"}));
  }
  EXPECT_TRUE(RunLock::acquire(file_, WhenLocked::fail));
}

TEST_F(RunLockTest, TakesOneLockForAllNamesOfAFile) {
  fs::create_symlink("repos.db", folder_ / "link.db");
  fs::create_directory_symlink(".", folder_ / "folder");
  const auto held = RunLock::acquire(folder_ / "link.db", WhenLocked::fail);
  ASSERT_TRUE(held);
  for (const char* name : {"repos.db", "folder/repos.db", "folder/link.db", "./repos.db"}) {
    const auto other = RunLock::acquire(folder_ / name, WhenLocked::fail);
    ASSERT_FALSE(other) << name;
    EXPECT_EQ(other.error().kind, FailureKind::overlap) << name;
  }
}

TEST_F(RunLockTest, TakesOneLockBeforeTheFileIsThere) {
  fs::create_directory_symlink(".", folder_ / "folder");
  const auto held = RunLock::acquire(folder_ / "new.db", WhenLocked::fail);
  ASSERT_TRUE(held);
  EXPECT_FALSE(RunLock::acquire(folder_ / "folder/new.db", WhenLocked::fail));
}

TEST_F(RunLockTest, RefusesALinkThatLeadsNowhere) {
  fs::create_symlink("none.db", folder_ / "link.db");
  const auto lock = RunLock::acquire(folder_ / "link.db", WhenLocked::fail);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error(),
            (Failure{FailureKind::output,
                     (folder_ / "link.db").string() +
                         ": is a link to none.db, which does not exist; name the file itself"}));
}

}  // namespace
}  // namespace repopipe
