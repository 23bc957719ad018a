#include "storage/schema/schema.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <future>

#include "tests/storage/store/store_fixture.h"
#include "tests/storage/test_fields.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

class SchemaTest : public ::testing::Test {
 protected:
  fs::path file() const { return folder_ / "repos.db"; }
  Result<Database> open() const { return open_database(file(), test_resources()); }
  // The error after the file's name.
  std::string refusal(const fs::path& path) const {
    const auto opened = open_database(path, test_resources());
    if (opened) return "opened";
    EXPECT_EQ(opened.error().kind, FailureKind::output);
    EXPECT_THAT(opened.error().message, ::testing::StartsWith(path.string() + ": "));
    return opened.error().message.substr(path.string().size() + 2);
  }
  void make(const std::string& sql) const {
    std::ofstream(file(), std::ios::app).close();
    auto database = Database::open(file(), Access::read_write);
    EXPECT_TRUE(database->execute(sql));
  }

  TempFolder folder_;
};

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777;
}

// Runs as an unprivileged user for a while, because root may write everything.
class Unprivileged {
 public:
  Unprivileged() : before_(::geteuid()) { EXPECT_EQ(::seteuid(before_ == 0 ? 65534 : before_), 0); }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
  ~Unprivileged() { EXPECT_EQ(::seteuid(before_), 0); }

 private:
  uid_t before_;
};

TEST_F(SchemaTest, MakesADatabaseOnlyItsOwnerCanRead) {
  auto database = open();
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_EQ(mode_of(file()), 0600u);
  EXPECT_EQ(mode_of(folder_ / "repos.db-wal"), 0600u);
  EXPECT_EQ(mode_of(folder_ / "repos.db-shm"), 0600u);
  EXPECT_THAT(rows(*database, "PRAGMA journal_mode"), ElementsAre("wal"));
  EXPECT_THAT(rows(*database, "PRAGMA synchronous"), ElementsAre("1"));
  EXPECT_THAT(rows(*database, "PRAGMA foreign_keys"), ElementsAre("0"));
  EXPECT_THAT(rows(*database, "PRAGMA user_version"),
              ElementsAre(std::to_string(schema_version())));
  EXPECT_THAT(rows(*database,
                   "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT "
                   "strict AND name NOT LIKE 'sqlite%'"),
              IsEmpty());
}

// As if another run opened it at the same time.
TEST_F(SchemaTest, WaitsForAnotherProcessThatCreatesTheDatabase) {
  const auto path = folder_ / "repos.db";
  std::ofstream(path).close();
  auto other = Database::open(path, Access::read_write);
  ASSERT_TRUE(other && other->execute("BEGIN IMMEDIATE"));
  auto opened = std::async(std::launch::async,
                           [&path] { return open_database(path, test_resources()).has_value(); });
  EXPECT_EQ(opened.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
  ASSERT_TRUE(other->execute("COMMIT"));
  EXPECT_TRUE(opened.get());
}

TEST_F(SchemaTest, DoesNotChangeAnUpToDateDatabase) {
  ASSERT_TRUE(open());
  std::ifstream before(file(), std::ios::binary);
  const std::string first{std::istreambuf_iterator<char>(before), {}};
  ASSERT_TRUE(open());
  std::ifstream after(file(), std::ios::binary);
  EXPECT_TRUE(first == std::string(std::istreambuf_iterator<char>(after), {}));
}

TEST_F(SchemaTest, EmptiesTheLogAsItCloses) {
  {
    auto database = open();
    auto reader = open_reader(file());
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_GT(fs::file_size(folder_ / "repos.db-wal"), 0u);
    { const Database closed = std::move(*database); }
    EXPECT_EQ(fs::file_size(folder_ / "repos.db-wal"), 0u);
    EXPECT_THAT(rows(*reader, "SELECT count(*) FROM runs"), ElementsAre("0"));
  }
  EXPECT_TRUE(open());
  EXPECT_FALSE(fs::exists(folder_ / "repos.db-wal"));
}

TEST_F(SchemaTest, ClosesWithoutWaitingForAReader) {
  auto database = open();
  auto reader = open_reader(file());
  auto snapshot = Transaction::begin(*reader, TransactionKind::read);
  EXPECT_THAT(rows(*reader, "SELECT count(*) FROM runs"), ElementsAre("0"));
  ASSERT_TRUE(database->execute(
      "INSERT INTO runs (job, version, status, started_at) VALUES ('j', '1', 'running', 'now')"));
  { const Database closed = std::move(*database); }
  EXPECT_THAT(rows(*reader, "SELECT count(*) FROM runs"), ElementsAre("0"));
  ASSERT_TRUE(snapshot->commit());
  EXPECT_THAT(rows(*reader, "SELECT count(*) FROM runs"), ElementsAre("1"));
}

TEST_F(SchemaTest, TakesAnEmptyFile) {
  std::ofstream(file()).close();
  EXPECT_TRUE(open());
}

TEST_F(SchemaTest, TakesAnEmptyDatabaseWhateverItsVersion) {
  make("PRAGMA user_version = 99");
  auto database = open();
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_THAT(rows(*database, "SELECT * FROM latest_run"), IsEmpty());
}

TEST_F(SchemaTest, NamesTheFolderThatIsMissing) {
  EXPECT_EQ(refusal(folder_ / "no/such/repos.db"),
            "folder " + (folder_ / "no/such").string() + " does not exist; create it first");
}

TEST_F(SchemaTest, RefusesAFolder) {
  EXPECT_EQ(refusal(folder_.path()), "is a folder; name a file in it");
  EXPECT_EQ(refusal("/dev/null"), "is not a regular file; name another one");
}

TEST_F(SchemaTest, RefusesAPlaceInsideAFile) {
  std::ofstream(folder_ / "notes.txt") << "text";
  EXPECT_EQ(refusal(folder_ / "notes.txt/repos.db"),
            (folder_ / "notes.txt").string() + " is a file, not a folder");
}

TEST_F(SchemaTest, RefusesAFileThatIsNoDatabaseAndDoesNotChangeIt) {
  for (const std::string& text : {std::string("octocat\ntorvalds\n"), std::string(5000, 'x')}) {
    std::ofstream(file()) << text;
    EXPECT_EQ(refusal(file()),
              "is not a SQLite database; name another file, or move this one away");
    std::ifstream left(file());
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(left), {}), text);
  }
}

TEST_F(SchemaTest, RefusesTheDatabaseOfAnotherProgram) {
  make("CREATE TABLE bookmarks (url TEXT)");
  EXPECT_EQ(refusal(file()), "is the database of another program; name another file");
  make("PRAGMA application_id = 7");
  EXPECT_EQ(refusal(file()), "is the database of another program; name another file");
  auto left = Database::open(file(), Access::read_only);
  EXPECT_THAT(rows(*left, "PRAGMA journal_mode"), ElementsAre("delete"));
  EXPECT_THAT(rows(*left, "SELECT name FROM sqlite_schema"), ElementsAre("bookmarks"));
}

TEST_F(SchemaTest, RefusesASchemaNewerThanItself) {
  ASSERT_TRUE(open());
  make("PRAGMA user_version = 99");
  EXPECT_EQ(refusal(file()), "has schema version 99, newer than this program's " +
                                 std::to_string(schema_version()) +
                                 "; use the newer repopipe, or another file");
}

TEST_F(SchemaTest, RefusesAFileItMayNotWrite) {
  ASSERT_TRUE(open());
  ::chmod(file().c_str(), 0444);
  ::chmod(folder_.path().c_str(), 0777);
  const Unprivileged nobody;
  EXPECT_EQ(refusal(file()), "cannot be written; allow it with chmod, or name another file");
}

TEST_F(SchemaTest, RefusesAFolderItMayNotWrite) {
  std::ofstream(folder_ / "old.db").close();
  ::chmod((folder_ / "old.db").c_str(), 0666);
  ::chmod(folder_.path().c_str(), 0555);
  const Unprivileged nobody;
  EXPECT_EQ(refusal(file()), "cannot be created: Permission denied");
  EXPECT_EQ(refusal(folder_ / "old.db"),
            "folder " + folder_.path().string() +
                " cannot be written, and SQLite keeps its log there: Permission denied");
}

TEST_F(SchemaTest, RefusesASystemFolder) {
  // Holds for root too.
  EXPECT_THAT(refusal("/proc/repos.db"), ::testing::StartsWith("cannot be created: "));
}

TEST_F(SchemaTest, ReadersRefuseAMissingFile) {
  const auto missing = open_reader(file());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error(),
            (Failure{FailureKind::output, file().string() + ": does not exist; a run creates it"}));
  EXPECT_FALSE(fs::exists(file()));
  std::ofstream(file()).close();
  const auto empty = open_reader(file());
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().message, file().string() + ": is empty; a run fills it");
}

TEST_F(SchemaTest, ReadersReportMissingPermissions) {
  ASSERT_TRUE(open());
  ::chmod(folder_.path().c_str(), 0555);
  for (const bool is_readable : {true, false}) {
    ::chmod(file().c_str(), is_readable ? 0444 : 0);
    const Unprivileged nobody;
    const auto reader = open_reader(file());
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error(),
              (Failure{FailureKind::output,
                       file().string() +
                           (is_readable ? ": SQLite keeps its log beside it, and folder " +
                                              folder_.path().string() +
                                              " cannot be written; copy the file to a folder of "
                                              "your own"
                                        : ": cannot be opened: Permission denied")}));
  }
}

TEST_F(SchemaTest, ReadersCannotWrite) {
  auto writer = open();
  auto reader = open_reader(file());
  const auto done = reader->execute("DELETE FROM runs");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error(),
            (Failure{FailureKind::database,
                     file().string() + ": attempt to write a readonly database (SQLite 8)"}));
}

TEST_F(SchemaTest, OpensOneFileUnderAllItsNames) {
  fs::create_directory(folder_ / "real");
  fs::create_directory_symlink(folder_ / "real", folder_ / "folder");
  fs::create_symlink(folder_ / "folder/repos.db", folder_ / "link.db");
  std::ofstream(folder_ / "real/repos.db").close();
  auto database = open_database(folder_ / "link.db", test_resources());
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_TRUE(fs::exists(folder_ / "real/repos.db-wal"));
  auto reader = open_reader(folder_ / "folder/repos.db");
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_THAT(rows(*reader, "SELECT count(*) FROM runs"), ElementsAre("0"));
}

// A log that was left under one name would be missed under the other, and replayed later.
TEST_F(SchemaTest, RefusesAFileWithASecondName) {
  ASSERT_TRUE(open());
  fs::create_directory(folder_ / "snapshot");
  const fs::path second = folder_ / "snapshot/other.db";
  fs::create_hard_link(file(), second);
  fs::create_symlink(second, folder_ / "link.db");
  std::ofstream(folder_ / "repos.db-wal").close();
  for (const fs::path& path : {file(), second, folder_ / "link.db"}) {
    const std::string real = fs::canonical(path).string();
    for (const Failure& refused : {open_database(path, test_resources()).error(),
                                   open_reader(path).error(), check_place(path).error()}) {
      EXPECT_EQ(refused.kind, FailureKind::output);
      EXPECT_THAT(refused.message, ::testing::StartsWith(
                                       real + ": the file has 2 names (hard links); SQLite keeps"));
      EXPECT_THAT(refused.message,
                  ::testing::HasSubstr(path == file() ? "its log is " + real : "ending in -wal"));
    }
    EXPECT_FALSE(fs::exists(real + "-shm"));
  }
  EXPECT_FALSE(fs::exists(second.string() + "-wal"));
  fs::remove(second);
  EXPECT_TRUE(open());
}

TEST_F(SchemaTest, RefusesALinkThatLeadsNowhere) {
  fs::create_symlink("/nowhere/repos.db", file());
  EXPECT_EQ(refusal(file()),
            "is a link to /nowhere/repos.db, which does not exist; name the file itself");
  EXPECT_FALSE(open_reader(file()));
}

}  // namespace
}  // namespace repopipe
