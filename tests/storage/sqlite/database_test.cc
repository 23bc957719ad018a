#include "storage/sqlite/database.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <cerrno>
#include <fstream>
#include <utility>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest() {
    std::ofstream(folder_ / "plain.db").close();
    database_ = std::move(*Database::open(folder_ / "plain.db", Access::read_write));
    EXPECT_TRUE(database_->execute("CREATE TABLE t (i INTEGER, r REAL, s TEXT, n TEXT) STRICT"));
  }

  TempFolder folder_;
  std::optional<Database> database_;
};

TEST_F(DatabaseTest, ReturnsBoundValues) {
  auto insert = database_->prepare("INSERT INTO t VALUES (?1, ?2, ?3, ?4)");
  ASSERT_TRUE(insert);
  ASSERT_TRUE(insert->bind(-7, 0.5, "a\0b"sv, std::monostate{}).run());
  EXPECT_EQ(insert->rows_written(), 1);
  auto select = database_->prepare("SELECT * FROM t");
  const auto row = select->step();
  ASSERT_TRUE(row && *row);
  EXPECT_EQ(select->cell(0), CellView{-7});
  EXPECT_EQ(select->real(1), 0.5);
  EXPECT_EQ(select->cell(2), CellView{"a\0b"sv});
  EXPECT_EQ(select->cell(3), CellView{});
  EXPECT_TRUE(select->equals(0, CellView{-7}));
  EXPECT_FALSE(select->equals(0, CellView{"-7"sv}));
  EXPECT_FALSE(select->equals(2, CellView{"a"sv}));
  EXPECT_FALSE(select->equals(3, CellView{""sv}));
  EXPECT_FALSE(*select->step());
}

TEST_F(DatabaseTest, DistinguishesAnEmptyTextFromNull) {
  auto insert = database_->prepare("INSERT INTO t (s) VALUES (?1)");
  ASSERT_TRUE(insert->bind(std::string_view()).run());
  ASSERT_TRUE(insert->bind(std::optional<std::string_view>()).run());
  EXPECT_THAT(rows(*database_, "SELECT s FROM t"), ElementsAre("", "NULL"));
}

TEST_F(DatabaseTest, ReportsTheErrorAndTheFile) {
  const auto statement = database_->prepare("SELECT x FROM t");
  ASSERT_FALSE(statement);
  EXPECT_EQ(statement.error(),
            (Failure{FailureKind::damaged,
                     (folder_ / "plain.db").string() + ": no such column: x (SQLite 1)"}));
}

TEST_F(DatabaseTest, DistinguishesFailuresOfDiskFileAndMachine) {
  for (const int number : {ENOSPC, EDQUOT, EFBIG, EIO}) {
    EXPECT_EQ(kind_of_error(number), FailureKind::disk) << number;
  }
  for (const int number : {ENOMEM, EMFILE, ENFILE}) {
    EXPECT_EQ(kind_of_error(number), FailureKind::machine_limit) << number;
  }
  for (const int number : {EACCES, EPERM, ENOENT, EROFS, 0}) {
    EXPECT_EQ(kind_of_error(number), FailureKind::output) << number;
  }
  ASSERT_TRUE(database_->execute("PRAGMA max_page_count = 1"));
  EXPECT_EQ(database_->execute("CREATE TABLE more (x)").error().kind, FailureKind::disk);
  for (const char* lost : {"SELECT 1 FROM missing", "DELETE FROM missing", "DROP TABLE missing"}) {
    EXPECT_EQ(database_->execute(lost).error().kind, FailureKind::damaged) << lost;
  }
  EXPECT_EQ(database_->execute("SELEC").error().kind, FailureKind::database);
  EXPECT_EQ(database_->execute("COMMIT").error().kind, FailureKind::database);
}

TEST_F(DatabaseTest, SaysWhyAFileBesideItCannotBeOpened) {
  Database& database = *database_;  // a sanitizer needs a file to look at a test's members
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit none{.rlim_cur = 1, .rlim_max = limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto written = database.execute("CREATE TABLE more (x)");
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error(),
            (Failure{FailureKind::machine_limit,
                     (folder_ / "plain.db").string() +
                         ": unable to open database file: Too many open files (SQLite 14)"}));
}

TEST_F(DatabaseTest, ReportsAParameterThatCannotBeSet) {
  auto insert = database_->prepare("INSERT INTO t (s) VALUES (?1)");
  const auto done = insert->bind("one"sv, "too many"sv).run();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message,
            (folder_ / "plain.db").string() + ": column index out of range (SQLite 25)");
  EXPECT_TRUE(insert->bind("one"sv).run());
}

TEST_F(DatabaseTest, RollsBackATransactionWithoutCommit) {
  {
    auto transaction = Transaction::begin(*database_, TransactionKind::write);
    ASSERT_TRUE(database_->execute("INSERT INTO t (i) VALUES (1)"));
  }
  EXPECT_THAT(rows(*database_, "SELECT i FROM t"), IsEmpty());
  auto transaction = Transaction::begin(*database_, TransactionKind::write);
  ASSERT_TRUE(database_->execute("INSERT INTO t (i) VALUES (2)"));
  ASSERT_TRUE(transaction->commit());
  EXPECT_THAT(rows(*database_, "SELECT i FROM t"), ElementsAre("2"));
}

TEST_F(DatabaseTest, RemembersTheFirstStatementThatFails) {
  Preparation prepare(*database_);
  const Statement good = prepare("SELECT 1");
  EXPECT_TRUE(prepare.status());
  const Statement bad = prepare("SELECT x FROM t");
  const Statement worse = prepare("SELECT y FROM t");
  EXPECT_THAT(prepare.status().error().message, ::testing::HasSubstr("no such column: x"));
}

TEST_F(DatabaseTest, ReportsItsWaitForAnotherProgramAndFails) {
  const TickingClock clock;
  std::vector<std::chrono::milliseconds> told;
  database_->set_busy_timeout(
      {.longest = 10ms,
       .told = [&](std::chrono::milliseconds left) { told.push_back(left); },
       .first_told = 3ms,
       .told_every = 4ms},
      clock);
  auto other = Database::open(folder_ / "plain.db", Access::read_write);
  ASSERT_TRUE(other->execute("BEGIN EXCLUSIVE"));
  const auto begun = database_->execute("BEGIN IMMEDIATE");
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().message,
            (folder_ / "plain.db").string() + ": database is locked (SQLite 5)");
  EXPECT_THAT(told, ElementsAre(7ms, 3ms));
}

TEST_F(DatabaseTest, ContinuesWhenTheOtherProgramReleasesItsLock) {
  const TickingClock clock;
  auto other = Database::open(folder_ / "plain.db", Access::read_write);
  ASSERT_TRUE(other->execute("BEGIN EXCLUSIVE"));
  database_->set_busy_timeout({.longest = 1min,
                               .told = [&](auto) { EXPECT_TRUE(other->execute("COMMIT")); },
                               .first_told = 3ms},
                              clock);
  Database moved = std::move(*database_);
  EXPECT_TRUE(moved.execute("BEGIN IMMEDIATE"));
}

TEST_F(DatabaseTest, StopsAStatementOnRequest) {
  bool stops = false;
  database_->stop_when([&stops] { return std::exchange(stops, true); });
  Database moved = std::move(*database_);
  const auto counted = moved.integer(
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
  ASSERT_FALSE(counted);
  EXPECT_THAT(counted.error().message, ::testing::HasSubstr("interrupted"));
}

TEST_F(DatabaseTest, DoesNotMakeAFile) {
  const auto opened = Database::open(folder_ / "none.db", Access::read_write);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(),
            (Failure{FailureKind::output, (folder_ / "none.db").string() +
                                              ": cannot be opened: No such file or directory"}));
}

}  // namespace
}  // namespace repopipe
