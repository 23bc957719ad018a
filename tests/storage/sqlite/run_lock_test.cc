#include "storage/sqlite/run_lock.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "tests/storage/temp_folder.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class RunLockTest : public ::testing::Test {
 protected:
  RunLockTest() { std::ofstream(file_).close(); }

  TempFolder folder_;
  const fs::path file_ = folder_ / "repos.db";
};

TEST_F(RunLockTest, IsHeldByOneRunAtATime) {
  {
    const auto first = RunLock::acquire(file_);
    ASSERT_TRUE(first);
    const auto second = RunLock::acquire(file_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, FailureKind::overlap);
    EXPECT_THAT(second.error().message,
                StartsWith(file_.string() + ": another run is using it: process " +
                           std::to_string(getpid()) + ", begun 20"));
  }
  EXPECT_TRUE(RunLock::acquire(file_));
}

TEST_F(RunLockTest, TakesOneLockForAllNamesOfAFile) {
  fs::create_symlink("repos.db", folder_ / "link.db");
  fs::create_directory_symlink(".", folder_ / "folder");
  const auto held = RunLock::acquire(folder_ / "link.db");
  ASSERT_TRUE(held);
  for (const char* name : {"repos.db", "folder/repos.db", "folder/link.db", "./repos.db"}) {
    const auto other = RunLock::acquire(folder_ / name);
    ASSERT_FALSE(other) << name;
    EXPECT_EQ(other.error().kind, FailureKind::overlap) << name;
  }
}

TEST_F(RunLockTest, TakesOneLockForAHardLink) {
  fs::create_directory(folder_ / "snapshot");
  fs::create_hard_link(file_, folder_ / "snapshot/other.db");
  const auto held = RunLock::acquire(folder_ / "snapshot/other.db");
  ASSERT_TRUE(held);
  EXPECT_FALSE(RunLock::acquire(file_));
}

TEST_F(RunLockTest, EndsTheWaitOnRequest) {
  const auto held = RunLock::acquire(file_);
  ASSERT_TRUE(held);
  std::vector<std::string> told;
  int asked = 0;
  const auto waited =
      RunLock::acquire(file_, {.when_locked = WhenLocked::wait,
                               .told = [&](const std::string& line) { told.push_back(line); },
                               .stops = [&]() -> std::optional<Failure> {
                                 if (++asked < 3) return std::nullopt;
                                 return Failure{FailureKind::limit, "late"};
                               }});
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error(), (Failure{FailureKind::limit, "late"}));
  EXPECT_THAT(told, ElementsAre(EndsWith("; waits for its end")));
}

TEST_F(RunLockTest, SeesThatTheFileIsRemovedOrReplaced) {
  const auto removed = RunLock::acquire(file_);
  ASSERT_TRUE(removed);
  EXPECT_TRUE(removed->still_there());
  fs::remove(file_);
  ASSERT_FALSE(removed->still_there());
  EXPECT_EQ(removed->still_there().error().kind, FailureKind::displaced);
  EXPECT_THAT(removed->still_there().error().message, HasSubstr("was removed"));
  const auto replaced = RunLock::acquire(file_);
  ASSERT_TRUE(replaced);
  std::ofstream(folder_ / "new.db").close();
  fs::rename(folder_ / "new.db", file_);
  ASSERT_FALSE(replaced->still_there());
  EXPECT_THAT(replaced->still_there().error().message, HasSubstr("was replaced"));
}

TEST_F(RunLockTest, DeletesAnEmptyFileThatItCreated) {
  ASSERT_TRUE(RunLock::acquire(folder_ / "new.db"));
  EXPECT_FALSE(fs::exists(folder_ / "new.db"));
  ASSERT_TRUE(RunLock::acquire(file_));
  EXPECT_TRUE(fs::exists(file_));
}

TEST_F(RunLockTest, MakesAFileForItsOwnerOnly) {
  const auto held = RunLock::acquire(folder_ / "new.db");
  ASSERT_TRUE(held);
  EXPECT_EQ(fs::status(folder_ / "new.db").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(RunLockTest, TakesOneLockBeforeTheFileExists) {
  fs::create_directory_symlink(".", folder_ / "folder");
  const auto held = RunLock::acquire(folder_ / "new.db");
  ASSERT_TRUE(held);
  EXPECT_FALSE(RunLock::acquire(folder_ / "folder/new.db"));
}

TEST_F(RunLockTest, RefusesALinkThatLeadsNowhere) {
  fs::create_symlink("none.db", folder_ / "link.db");
  const auto lock = RunLock::acquire(folder_ / "link.db");
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error(),
            (Failure{FailureKind::output,
                     (folder_ / "link.db").string() +
                         ": is a link to none.db, which does not exist; name the file itself"}));
}

TEST_F(RunLockTest, MayBeSharedWithTheGroup) {
  const fs::path log = file_.string() + "-wal";
  std::ofstream(log) << "left by a run that was killed";
  fs::permissions(file_, fs::perms::owner_read | fs::perms::owner_write);
  fs::permissions(log, fs::perms::owner_read | fs::perms::owner_write);
  const auto lock = RunLock::acquire(file_);
  ASSERT_TRUE(lock);
  lock->share_with_group();
  constexpr fs::perms kShared = fs::perms::owner_read | fs::perms::owner_write |
                                fs::perms::group_read | fs::perms::group_write;
  EXPECT_EQ(fs::status(file_).permissions(), kShared);
  EXPECT_EQ(fs::status(log).permissions(), kShared);
}

}  // namespace
}  // namespace repopipe
