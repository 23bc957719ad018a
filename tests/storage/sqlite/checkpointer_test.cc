#include "storage/sqlite/checkpointer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/storage/store/store_fixture.h"
#include "tests/testing/eventually.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kPage = 16 * 1024;

class CheckpointerTest : public StoreTest {
 protected:
  void SetUp() override { ASSERT_TRUE(database_->execute("CREATE TABLE blobs (bytes BLOB)")); }
  void TearDown() override {
    ASSERT_TRUE(database_->execute("DROP TABLE blobs"));
    StoreTest::TearDown();
  }

  // A transaction of at least so many pages of the log.
  void write_pages(int pages) {
    ASSERT_TRUE(database_->execute(
        "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < " +
        std::to_string(pages) + ") INSERT INTO blobs SELECT zeroblob(16000) FROM n"));
  }
  std::uintmax_t file_pages() const { return fs::file_size(database_path()) / kPage; }
  std::uintmax_t log_pages() const {
    return fs::file_size(database_path().string() + "-wal") / kPage;
  }
};

TEST_F(CheckpointerTest, LeavesASmallLogAlone) {
  const auto before = file_pages();
  const Checkpointer checkpointer(*database_);
  write_pages(100);
  EXPECT_EQ(file_pages(), before);
}

TEST_F(CheckpointerTest, MovesALargeLogWhileItsWriterWrites) {
  const Checkpointer checkpointer(*database_);
  write_pages(600);
  ASSERT_TRUE(database_->execute("BEGIN IMMEDIATE; INSERT INTO blobs VALUES ('under way')"));
  EXPECT_TRUE(testing::eventually([&] { return file_pages() > 600; }));
  ASSERT_TRUE(database_->execute("COMMIT"));
}

TEST_F(CheckpointerTest, MovesNothingIntoAFileThatIsNotTheWriters) {
  const auto before = file_pages();
  std::atomic<int> asked = 0;
  {
    Checkpointer checkpointer(*database_, [&asked] {
      ++asked;
      asked.notify_one();
      return false;
    });
    write_pages(600);
    asked.wait(0);
    for (int i = 0; i < 12; ++i) write_pages(500);  // the writer itself runs a checkpoint too
    checkpointer.move_the_rest();
  }
  EXPECT_EQ(file_pages(), before);
}

TEST_F(CheckpointerTest, BoundsTheLogOfAWriterThatNeverPauses) {
  const Checkpointer checkpointer(*database_);
  for (int i = 0; i < 40; ++i) write_pages(300);
  EXPECT_LT(log_pages(), 5'000U);
  EXPECT_THAT(query("SELECT count(*) FROM blobs"), ::testing::ElementsAre("12000"));
}

TEST_F(CheckpointerTest, MovesTheRestOnRequest) {
  {
    Checkpointer checkpointer(*database_);
    write_pages(100);
    checkpointer.move_the_rest();
  }
  EXPECT_GT(file_pages(), 100U);
}

TEST_F(CheckpointerTest, DoesNotMoveASmallRest) {
  const auto before = file_pages();
  {
    Checkpointer checkpointer(*database_);
    write_pages(10);
    checkpointer.move_the_rest();
  }
  EXPECT_EQ(file_pages(), before);
}

TEST_F(CheckpointerTest, ReturnsTheLogToSqliteInItsDestructor) {
  { const Checkpointer checkpointer(*database_); }
  const auto before = file_pages();
  write_pages(1'200);
  EXPECT_GT(file_pages(), before + 1'000);
}

}  // namespace
}  // namespace repopipe
