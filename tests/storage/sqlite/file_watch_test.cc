#include "storage/sqlite/file_watch.h"

#include <gmock/gmock.h>

#include <fstream>
#include <functional>
#include <memory>
#include <optional>

#include "storage/schema/schema.h"
#include "tests/storage/temp_folder.h"
#include "tests/storage/test_fields.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// As `cp` does it: the file stays the same one.
void overwrite(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

class FileWatchTest : public ::testing::Test {
 protected:
  // A run that adds some pages to the database.
  void spend_night() {
    begin();
    write(5);
    ASSERT_TRUE(watch_->check_end());
    end();
  }
  void begin() {
    lock_.emplace(std::move(*RunLock::acquire(file_)));
    writer_.emplace(std::move(*open_database(file_, test_resources())));
    watch_ = std::move(*FileWatch::begin(*writer_, *lock_));
  }
  void write(int pages) {
    ASSERT_TRUE(writer_->execute(
        "CREATE TABLE IF NOT EXISTS blobs (bytes BLOB); WITH RECURSIVE n (i) AS (VALUES (1) UNION "
        "ALL SELECT i + 1 FROM n WHERE i < " +
        std::to_string(pages) + ") INSERT INTO blobs SELECT zeroblob(16000) FROM n"));
  }
  void end() {
    watch_.reset();
    writer_.reset();
    lock_.reset();
  }
  Database another() const { return std::move(*Database::open(file_, Access::read_write)); }

  TempFolder folder_;
  const fs::path file_ = folder_ / "repos.db";
  std::optional<RunLock> lock_;
  std::optional<Database> writer_;
  std::unique_ptr<FileWatch> watch_;
};

TEST_F(FileWatchTest, AcceptsTheWritesOfTheWriter) {
  for (int night = 0; night < 3; ++night) {
    begin();
    EXPECT_TRUE(watch_->check());
    for (int i = 0; i < 5; ++i) {
      write(10);
      EXPECT_TRUE(watch_->check());
      ASSERT_TRUE(i % 2 == 0 || writer_->checkpoint());
      EXPECT_TRUE(watch_->check());
      ASSERT_TRUE(writer_->execute("BEGIN"));
      write(100);
      EXPECT_TRUE(watch_->check());
      ASSERT_TRUE(writer_->execute("ROLLBACK"));
    }
    EXPECT_TRUE(watch_->check_end());
    EXPECT_FALSE(watch_->is_lost());
    end();
    EXPECT_FALSE(fs::exists(file_.string() + "-wal"));
  }
}

TEST_F(FileWatchTest, AcceptsOtherProgramsThatUseSqlite) {
  spend_night();
  begin();
  auto reader = open_reader(file_);
  ASSERT_TRUE(reader && reader->execute("BEGIN; SELECT count(*) FROM blobs"));
  auto other = another();
  ASSERT_TRUE(other.execute("INSERT INTO blobs VALUES (zeroblob(100000))"));
  EXPECT_TRUE(watch_->check());
  EXPECT_TRUE(watch_->check_end());
  ASSERT_TRUE(reader->execute("COMMIT"));
  EXPECT_TRUE(watch_->check_end());
  ASSERT_TRUE(other.execute("DELETE FROM blobs; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"));
  EXPECT_TRUE(watch_->check());
  write(3);
  EXPECT_TRUE(watch_->check());
  EXPECT_TRUE(watch_->check_end());
}

// A log may say that the database is smaller than the file still is.
TEST_F(FileWatchTest, AcceptsAVacuumWithALog) {
  spend_night();
  auto reader = open_reader(file_);
  ASSERT_TRUE(reader && reader->execute("BEGIN; SELECT count(*) FROM blobs"));
  ASSERT_TRUE(another().execute("DELETE FROM blobs; VACUUM"));
  begin();
  EXPECT_TRUE(watch_->check());
  ASSERT_TRUE(reader->execute("COMMIT"));
  EXPECT_TRUE(watch_->check_end());
}

struct Damage {
  const char* name;
  std::function<void(const fs::path& file, const fs::path& older)> happens;
  const char* told;
  bool opens;  // whether the new file can be opened by itself
};

const Damage kDamages[] = {
    {"Emptied", [](auto& file, auto&) { fs::resize_file(file, 0); }, "truncated", true},
    {"Shortened", [](auto& file, auto&) { fs::resize_file(file, fs::file_size(file) - 1); },
     "truncated", true},
    {"OlderCopy", [](auto& file, auto& older) { overwrite(file, content_of(older)); }, "truncated",
     true},
    {"OlderCopyOfTheSameSize",
     [](auto& file, auto& older) {
       const auto size = fs::file_size(file);
       overwrite(file, content_of(older));
       fs::resize_file(file, size);
     },
     "overwritten", true},
    {"Zeros", [](auto& file, auto&) { overwrite(file, std::string(fs::file_size(file), '\0')); },
     "overwritten", false},
    {"LargerText", [](auto& file, auto&) { overwrite(file, std::string(5'000'000, 'x')); },
     "overwritten", false},
    {"LargerDatabase",
     [](auto& file, auto& older) {
       const fs::path larger = older.string() + ".larger";
       fs::copy_file(older, larger);
       EXPECT_TRUE(Database::open(larger, Access::read_write)
                       ->execute("INSERT INTO blobs VALUES (zeroblob(9000000))"));
       overwrite(file, content_of(larger));
     },
     "overwritten", true},
};

class FileWatchDamage : public FileWatchTest, public ::testing::WithParamInterface<Damage> {
 protected:
  FileWatchDamage() {
    spend_night();
    fs::copy_file(file_, older_);
    spend_night();
    begin();
    write(5);
    EXPECT_TRUE(watch_->check());
  }
  void expect_lost(const Status& status) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().kind, FailureKind::displaced);
    EXPECT_THAT(status.error().message,
                HasSubstr(file_.string() + ": the file was " + GetParam().told +
                          " by another program while the run used it"));
    EXPECT_TRUE(watch_->is_lost());
  }

  const fs::path older_ = folder_ / "older.db";
};

TEST_P(FileWatchDamage, IsDetectedAndTheLogIsNotMoved) {
  EXPECT_TRUE(watch_->may_move_log());
  GetParam().happens(file_, older_);
  EXPECT_FALSE(watch_->may_move_log());
  const std::string put_there = content_of(file_);
  expect_lost(watch_->check());
  end();
  EXPECT_TRUE(content_of(file_) == put_there);
  EXPECT_FALSE(fs::exists(file_.string() + "-wal"));
  EXPECT_FALSE(fs::exists(file_.string() + "-shm"));
  EXPECT_TRUE(fs::exists(file_.string() + "-wal-lost"));
  EXPECT_EQ(open_database(file_, test_resources()).has_value(), GetParam().opens);
}

TEST_P(FileWatchDamage, IsDetectedAfterACheckpoint) {
  ASSERT_TRUE(writer_->checkpoint());
  EXPECT_TRUE(watch_->check());
  GetParam().happens(file_, older_);
  expect_lost(watch_->check_end());
}

INSTANTIATE_TEST_SUITE_P(All, FileWatchDamage, ::testing::ValuesIn(kDamages),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace repopipe
