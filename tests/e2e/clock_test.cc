// The clock is set back by an hour between two runs: the database has times in the future.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/killed_nights.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using ::testing::IsEmpty;

// As if the clock had been an hour ahead until now.
void set_ahead(const std::filesystem::path& database) {
  const std::vector<std::pair<std::string, std::string>> moments{
      {"runs", "started_at"},       {"runs", "finished_at"},       {"run_users", "settled_at"},
      {"requests", "started_at"},   {"users", "first_seen_at"},    {"users", "last_seen_at"},
      {"repos", "first_seen_at"},   {"repos", "last_seen_at"},     {"repos", "last_changed_at"},
      {"repo_stats", "valid_from"}, {"repo_changes", "changed_at"}};
  std::string sql;
  for (const auto& [table, column] : moments) {
    sql += "UPDATE " + table + " SET " + column + " = strftime('%Y-%m-%dT%H:%M:%fZ', " + column +
           ", '+1 hour');";
  }
  execute(database, sql);
}

// Without intervals of statistics: those that began in the future are corrected.
std::vector<std::string> facts(const std::filesystem::path& database) {
  std::vector<std::string> lines = dump(database, Part::facts);
  std::erase_if(lines, [](const std::string& line) { return line.starts_with("repo_stats|"); });
  return lines;
}

TEST(Clock, SetBackAnHourTheNightIsWhatItWouldHaveBeen) {
  const KilledNights nights(small_world(), users_of(small_world()));
  const Nightly calm = nights.begin(1), nightly = nights.begin(1);
  ASSERT_EQ(calm.run().exit_code, 0);
  set_ahead(nightly.database());
  const Ended ended = nightly.run();
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(difference(facts(nightly.database()), facts(calm.database())), IsEmpty());
  for (const std::string never :
       {"SELECT * FROM repo_stats WHERE valid_to < valid_from",
        "SELECT repo_id FROM repo_stats WHERE valid_to IS NULL GROUP BY 1 HAVING count(*) > 1",
        "SELECT * FROM repos r LEFT JOIN repo_stats s ON s.repo_id = r.id AND s.valid_to IS NULL "
        "WHERE r.gone_since IS NULL AND r.stargazers_count IS NOT s.stargazers_count",
        "SELECT * FROM latest_run WHERE id <> 2 OR finished_at < started_at",
        "SELECT * FROM runs WHERE wall_ms < 0"}) {
    EXPECT_THAT(query(nightly.database(), never), IsEmpty()) << never;
  }
}

}  // namespace
}  // namespace repopipe::e2e
