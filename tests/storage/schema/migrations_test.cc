#include "storage/schema/migrations.h"

#include <gmock/gmock.h>

#include <fstream>
#include <vector>

#include "storage/schema/tables.h"
#include "tests/storage/store/store_fixture.h"
#include "tests/storage/test_fields.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MigrationsTest : public ::testing::Test {
 protected:
  std::filesystem::path file() const { return folder_ / "repos.db"; }
  Result<Database> open() const { return open_database(file(), test_fields()); }
  void make(const std::string& sql) const {
    std::ofstream(file(), std::ios::app).close();
    auto database = Database::open(file(), Access::read_write);
    EXPECT_TRUE(database->execute(sql));
  }

  TempFolder folder_;
};

TEST_F(MigrationsTest, AddsTheColumnsThatFieldsOfANewerProgramNeed) {
  std::vector<Field> fewer;
  for (const Field& field : test_fields()) {
    if (field.column != "archived" && field.column != "forks_count") fewer.push_back(field);
  }
  {
    auto old = open_database(file(), fewer);
    ASSERT_TRUE(old) << old.error().message;
    ASSERT_TRUE(old->execute(
        "INSERT INTO runs (id, job, version, status, started_at) "
        "VALUES (1, 'j', '1', 'complete', '2026-11-01');"
        "INSERT INTO users VALUES (10, 'anna', 'User', 't', 1, 't', NULL);"
        "INSERT INTO pages VALUES ('anna', 1, 'p', 'e', 't', NULL, '[1]');"
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
  // Else the API would say for ever that nothing has changed.
  EXPECT_THAT(rows(*database, "SELECT * FROM pages"), IsEmpty());
}

TEST_F(MigrationsTest, KeepsTheRowsOfADatabaseOfVersion1) {
  make(tables_sql(test_fields()) + R"sql(
    PRAGMA application_id = 1380995121; PRAGMA user_version = 1;
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
  EXPECT_THAT(rows(*database, "PRAGMA user_version"), ElementsAre("4"));
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
  EXPECT_THAT(rows(*database, "SELECT * FROM listings"), ElementsAre("Anna|11|NULL|NULL|0|NULL"));
  EXPECT_THAT(rows(*database, "SELECT * FROM pages"), IsEmpty());
  EXPECT_THAT(rows(*database, "SELECT run_id, part, status FROM run_parts"),
              ElementsAre("1|1|complete", "2|1|interrupted"));
}

TEST_F(MigrationsTest, RenewsAViewThatDiffers) {
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
  auto database = open_database(file(), fewer);
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_THAT(rows(*database, "SELECT name FROM sqlite_schema WHERE name = 'star_gains_7d'"),
              IsEmpty());
  EXPECT_THAT(rows(*database, "SELECT * FROM repos_as_of"), IsEmpty());
}

}  // namespace
}  // namespace repopipe
