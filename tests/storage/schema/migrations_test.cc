#include <gmock/gmock.h>

#include <array>
#include <fstream>
#include <iterator>
#include <vector>

#include "storage/schema/schema.h"
#include "tests/storage/store/store_fixture.h"
#include "tests/storage/test_fields.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The repositories with other fields.
struct OtherFields {
  explicit OtherFields(Fields fields) : repositories(*test_resources().front()) {
    repositories.fields = fields;
  }
  Resource repositories;
  std::array<const Resource*, 1> all{&repositories};
};

class MigrationsTest : public ::testing::Test {
 protected:
  std::filesystem::path file() const { return folder_ / "repos.db"; }
  Result<Database> open() const { return open_database(file(), test_resources()); }
  // A database of an older version, created by its migrations.
  void make_version(int version, const std::string& rows) const {
    std::string sql;
    for (int step = 1; step <= version; ++step) {
      std::ifstream file(std::string(REPOPIPE_SOURCE_DIR) + "/tests/storage/fixtures/version_" +
                         std::to_string(step) + ".sql");
      sql.append(std::istreambuf_iterator<char>(file), {});
    }
    make(sql + "PRAGMA application_id = 1380995121; PRAGMA user_version = " +
         std::to_string(version) + ";" + rows);
  }
  void make(const std::string& sql) const {
    std::ofstream(file(), std::ios::app).close();
    auto database = Database::open(file(), Access::read_write);
    const Status done = database->execute(sql);
    EXPECT_TRUE(done) << done.error().message;
  }

  TempFolder folder_;
};

TEST_F(MigrationsTest, AddsTheColumnsThatFieldsOfANewerProgramNeed) {
  std::vector<Field> fewer;
  for (const Field& field : test_fields()) {
    if (field.column != "archived" && field.column != "forks_count") fewer.push_back(field);
  }
  {
    auto old = open_database(file(), OtherFields(fewer).all);
    ASSERT_TRUE(old) << old.error().message;
    ASSERT_TRUE(old->execute(
        "INSERT INTO runs (id, job, version, status, started_at) "
        "VALUES (1, 'j', '1', 'complete', '2026-11-01');"
        "INSERT INTO users VALUES (10, 'anna', 'User', 't', 1, 't', NULL);"
        "INSERT INTO pages VALUES ('anna', 1, 1, 'p', 'e', 't', NULL, '[1]');"
        "INSERT INTO repos (id, name, full_name, owner_id, first_seen_at, first_seen_run, "
        "last_seen_at) VALUES (1, 'a', 'anna/a', 10, 't', 1, 't')"));
  }
  auto database = open();
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_THAT(rows(*database, "SELECT id, archived, forks_count FROM repos"),
              ElementsAre("1|NULL|NULL"));
  EXPECT_THAT(rows(*database, "SELECT forks_count FROM repo_stats"), IsEmpty());
  EXPECT_THAT(rows(*database, "SELECT archived, forks_count FROM repos_as_of"), IsEmpty());
  EXPECT_FALSE(database->execute("UPDATE repos SET archived = 2"));
  // Else every later response would be 304.
  EXPECT_THAT(rows(*database, "SELECT * FROM pages"), IsEmpty());
}

TEST_F(MigrationsTest, KeepsTheRowsOfADatabaseOfVersion1) {
  make_version(1, R"sql(
    INSERT INTO runs (id, job, version, status, started_at)
    VALUES (1, 'j', '1', 'complete', 't'), (2, 'j', '1', 'interrupted', 't');
    INSERT INTO users VALUES (10, 'anna', 'User', 't', 1, 't'), (11, 'anna', 'User', 't', 1, 't');
    INSERT INTO run_users VALUES
      (1, 'anna', 'ok', 10, 't', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL),
      (2, 'Anna', 'ok', 11, 't', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL),
      (2, 'ghost', 'not_found', NULL, 't', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'why');
    INSERT INTO repos (id, name, full_name, owner_id, first_seen_at, first_seen_run, last_seen_at)
    VALUES (1, 'a', 'anna/a', 10, 't', 1, 't'))sql");
  auto database = open();
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_THAT(rows(*database, "PRAGMA user_version"), ElementsAre("6"));
  EXPECT_THAT(rows(*database, "SELECT id, status, job_digest, requests_unchanged FROM runs"),
              ElementsAre("1|complete|NULL|0", "2|interrupted|NULL|0"));
  EXPECT_THAT(rows(*database, "SELECT length(uid), shard, merged FROM runs"),
              ElementsAre("32|NULL|0", "32|NULL|0"));
  EXPECT_THAT(rows(*database, "SELECT count(DISTINCT uid) FROM runs"), ElementsAre("2"));
  EXPECT_THAT(rows(*database, "SELECT * FROM users"),
              ElementsAre("10|anna|User|t|1|t|NULL", "11|anna|User|t|1|t|NULL"));
  EXPECT_THAT(rows(*database,
                   "SELECT run_id, login, user_id, error, renamed_to, lost_user_id FROM run_users"),
              ElementsAre("1|anna|10|NULL|NULL|NULL", "2|Anna|11|NULL|NULL|NULL",
                          "2|ghost|NULL|why|NULL|NULL"));
  EXPECT_THAT(rows(*database, "SELECT id, full_name FROM repos"), ElementsAre("1|anna/a"));
  EXPECT_THAT(rows(*database, "SELECT * FROM listings"), ElementsAre("Anna|1|11|NULL|NULL|0|NULL"));
  EXPECT_THAT(rows(*database, "SELECT * FROM pages"), IsEmpty());
  EXPECT_THAT(rows(*database, "SELECT run_id, part, status FROM run_parts"),
              ElementsAre("1|1|complete", "2|1|interrupted"));
}

// A row in each table, of any version.
constexpr const char* kRowsOfVersion1 = R"sql(
    INSERT INTO runs (id, job, version, status, started_at)
    VALUES (1, 'j', '1', 'complete', '2026-11-02'), (2, 'j', '1', 'complete', '2026-11-01');
    INSERT INTO users (id, login, kind, first_seen_at, first_seen_run, last_seen_at)
    VALUES (10, 'anna', 'User', 't', 1, 't');
    INSERT INTO run_users (run_id, login, outcome, user_id, settled_at, repos, repos_new,
      repos_changed, repos_gone, skipped, pages, requests, attempts, bytes, queued_ms, fetch_ms,
      parse_ms, store_ms) VALUES (1, 'anna', 'ok', 10, 't', 1, 1, 0, 0, 0, 1, 1, 1, 9, 0, 0, 0, 0);
    INSERT INTO requests (run_id, login, page, attempt, started_at, status, bytes, name_lookup_ms,
      connect_ms, tls_ms, first_byte_ms, total_ms, outcome)
    VALUES (1, 'anna', 1, 1, 't', 200, 9, 0, 0, 0, 0, 50, 'ok');
    INSERT INTO repos (id, name, full_name, owner_id, first_seen_at, first_seen_run, last_seen_at)
    VALUES (1, 'a', 'anna/a', 10, 't', 1, 't');
    INSERT INTO repo_stats (repo_id, valid_from) VALUES (1, 't');
    INSERT INTO repo_changes VALUES (1, 1, 'name', 'b', 'a', 't');
    INSERT INTO repo_topics VALUES (1, 'x');)sql";
constexpr const char* kRowsOfVersion2 = R"sql(
    INSERT INTO listings (login, user_id, per_page) VALUES ('Anna', 10, 25);
    INSERT INTO pages (login, page, principal, etag, target, next_target, repo_ids)
    VALUES ('anna', 1, 'p', 'e', 't', 'n', '[1]'), ('anna', 2, 'p', 'e', 't', NULL, '[]');)sql";
constexpr const char* kRowsOfVersion4 = R"sql(
    INSERT INTO run_parts VALUES (1, 1, 't', 't', 'complete', 0, NULL);
    INSERT INTO missing_repos VALUES (1, 1, 'anna', 't', 0);
    UPDATE listings SET read_at = 't', good_runs = 3, empty_since = 't';)sql";

class MigrationsFrom : public MigrationsTest, public ::testing::WithParamInterface<int> {};

TEST_P(MigrationsFrom, KeepsTheRowsAndAddsWhatIsNew) {
  const int version = GetParam();
  std::string given = kRowsOfVersion1;
  if (version >= 2) given += kRowsOfVersion2;
  if (version >= 4) given += kRowsOfVersion4;
  if (version >= 5) given += "UPDATE runs SET ordinal = id;";
  make_version(version, given + "CREATE VIEW mine AS SELECT * FROM not_there");
  auto database = open();
  ASSERT_TRUE(database) << database.error().message;
  const auto row = [&](const char* sql) { return rows(*database, sql); };
  EXPECT_THAT(row("PRAGMA user_version"), ElementsAre("6"));
  EXPECT_THAT(row("PRAGMA integrity_check"), ElementsAre("ok"));
  EXPECT_THAT(row("PRAGMA foreign_key_check"), IsEmpty());
  EXPECT_THAT(row("SELECT id, ordinal FROM runs"), ElementsAre("1|1", "2|2"));
  EXPECT_THAT(row("SELECT run_id, login, repos FROM run_users"), ElementsAre("1|anna|1"));
  EXPECT_THAT(row("SELECT id, login, status, resource FROM requests"), ElementsAre("1|anna|200|1"));
  EXPECT_THAT(row("SELECT id, full_name FROM repos"), ElementsAre("1|anna/a"));
  EXPECT_THAT(row("SELECT repo_id, valid_from FROM repo_stats"), ElementsAre("1|t"));
  EXPECT_THAT(row("SELECT repo_id, topic FROM repo_topics"), ElementsAre("1|x"));
  EXPECT_THAT(row("SELECT field, old_value FROM repo_changes"), ElementsAre("name|b"));
  EXPECT_THAT(row("SELECT count(*) FROM run_listings"), ElementsAre("0"));
  EXPECT_THAT(row("SELECT * FROM run_requests"), ElementsAre("1|200|ok|1|9|50.0|1|1|1|1|1|1|1|1"));
  EXPECT_THAT(row("SELECT * FROM run_waits"), IsEmpty());
  EXPECT_THAT(row("SELECT * FROM run_tokens"), IsEmpty());
  EXPECT_THAT(row("SELECT login, resource, user_id, per_page, read_at, good_runs, empty_since "
                  "FROM listings"),
              version == 1   ? ElementsAre("anna|1|10|NULL|NULL|0|NULL")
              : version <= 3 ? ElementsAre("Anna|1|10|25|NULL|0|NULL")
                             : ElementsAre("Anna|1|10|25|t|3|t"));
  if (version >= 2) {
    EXPECT_THAT(row("SELECT * FROM pages"),
                ElementsAre("anna|1|1|p|e|t|n|[1]", "anna|1|2|p|e|t|NULL|[]"));
  }
  EXPECT_THAT(row("SELECT count(*) FROM missing_repos"), ElementsAre(version >= 4 ? "1" : "0"));
  EXPECT_THAT(row("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"),
              ::testing::IsSupersetOf({"repo_changes_by_repo", "repos_by_owner",
                                       "missing_repos_by_user", "requests_by_user"}));
}

INSTANTIATE_TEST_SUITE_P(EachVersion, MigrationsFrom, ::testing::Values(1, 2, 3, 4, 5));

TEST_F(MigrationsTest, CountsTheRequestsOfEarlierRuns) {
  make_version(5, R"sql(
    INSERT INTO runs (id, job, version, status, started_at)
    VALUES (1, 'j', '1', 'complete', 't'), (2, 'j', '1', 'failed', 't');
    INSERT INTO requests (run_id, login, page, attempt, started_at, status, bytes, name_lookup_ms,
      connect_ms, tls_ms, first_byte_ms, total_ms, outcome) VALUES
      (1, 'a', 1, 1, 't', 200, 9, 0, 0, 0, 0, 50.1, 'ok'),
      (1, 'b', 1, 1, 't', 200, 8, 0, 0, 0, 0, 2000, 'ok'),
      (1, 'b', 2, 1, 't', NULL, 0, 0, 0, 0, 0, 30000, 'transport'),
      (1, 'b', 2, 2, 't', 304, 7, 0, 0, 0, 0, 10000, 'unchanged'),
      (2, 'a', 1, 1, 't', 502, 6, 0, 0, 0, 0, 1, 'server_error'))sql");
  auto database = open();
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_THAT(rows(*database, "SELECT * FROM run_requests"),
              ElementsAre("1|0|transport|1|0|30000.0|0|0|0|0|0|0|0|0",
                          "1|200|ok|2|17|2050.1|0|1|1|1|1|2|2|2",
                          "1|304|unchanged|1|7|10000.0|0|0|0|0|0|0|0|1",
                          "2|502|server_error|1|6|1.0|1|1|1|1|1|1|1|1"));
}

TEST_F(MigrationsTest, ANewFileHasPagesForTheNumberOfItsUsers) {
  for (const auto& [users, size] : {std::pair{50'000, std::string("16384")}, {50'001, "4096"}}) {
    const std::filesystem::path path = folder_.path() / (size + ".db");
    for (const int now : {users, 1, 1'000'000}) {  // an existing file keeps them
      auto database = open_database(path, test_resources(), {}, static_cast<std::uint64_t>(now));
      ASSERT_TRUE(database) << database.error().message;
      EXPECT_THAT(rows(*database, "PRAGMA page_size"), ElementsAre(size));
      EXPECT_THAT(rows(*database, "PRAGMA auto_vacuum"), ElementsAre("2"));
    }
  }
}

TEST_F(MigrationsTest, RunsFromAMergeAreOrderedByTheirTimes) {
  make_version(4, std::string(kRowsOfVersion1) + "UPDATE runs SET merged = 1 WHERE id = 2;");
  auto database = open();
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_THAT(rows(*database, "SELECT id, ordinal FROM runs"), ElementsAre("1|2", "2|1"));
}

TEST_F(MigrationsTest, AddsTheTablesOfAResourceThatComesLater) {
  { ASSERT_TRUE(open()); }
  auto database = open_database(file(), resources_with_members());
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_THAT(rows(*database, "SELECT count(*) FROM members"), ElementsAre("0"));
  EXPECT_THAT(rows(*database, "SELECT count(*) FROM member_changes"), ElementsAre("0"));
  EXPECT_THAT(rows(*database, "SELECT count(*) FROM members_as_of"), ElementsAre("0"));
}

TEST_F(MigrationsTest, ReplacesAViewThatDiffers) {
  {
    auto database = open();
    ASSERT_TRUE(database->execute("DROP VIEW failures; CREATE VIEW failures AS SELECT 1 AS old"));
    ASSERT_TRUE(database->execute("CREATE VIEW mine AS SELECT 2 AS two"));
  }
  auto database = open();
  EXPECT_THAT(rows(*database, "SELECT * FROM failures"), IsEmpty());
  EXPECT_THAT(rows(*database, "SELECT * FROM mine"), ElementsAre("2"));
}

TEST_F(MigrationsTest, LeavesOutViewsThatTheFieldsDoNotAllow) {
  std::vector<Field> fewer;
  for (const Field& field : test_fields()) {
    if (field.role != Role::statistic) fewer.push_back(field);
  }
  auto database = open_database(file(), OtherFields(fewer).all);
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_THAT(rows(*database, "SELECT name FROM sqlite_schema WHERE name = 'star_gains_7d'"),
              IsEmpty());
  EXPECT_THAT(rows(*database, "SELECT * FROM repos_as_of"), IsEmpty());
}

}  // namespace
}  // namespace repopipe
