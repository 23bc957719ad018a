#include "storage/query/database_diff.h"

#include <gmock/gmock.h>

#include <set>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::string_literals;

// Two databases of the same job.  An edit changes the second one.
class DatabaseDiffTest : public StoreTest {
 protected:
  DatabaseDiffTest() : first_(database_path()) { fill(0); }

  void fill(int minute) {
    const WallTime at = on_day(0, minute * 60'000);
    run(0, {listing(kAnna, at,
                    {{1, "one", {{"stargazers_count", 5}, {"topics", "[\"c\"]"s}}},
                     {2, "two", {{"language", "C"s}}}}),
            listing(kBen, at, {{3, "three"}}),
            bare("nobody", at, Outcome::not_found, "nobody: HTTP 404")});
  }

  std::vector<std::string> found_after(const std::string& edit, std::size_t most = 5) {
    start_over();
    fill(7);
    EXPECT_TRUE(database_->execute(edit));
    const auto found = differences(first_, database_path(), resources_, most, [] { return false; });
    start_over();  // the edited database may be inconsistent
    if (!found) return {found.error().message};
    std::vector<std::string> lines;
    for (const Difference& each : *found) lines.push_back(words_of(each, "threads", "event_loop"));
    return lines;
  }

  const std::filesystem::path first_;
};

TEST_F(DatabaseDiffTest, TimesAndNumbersOfRunsMakeNoDifference) {
  EXPECT_THAT(found_after("UPDATE run_users SET fetch_ms = 9, requests = 7, attempts = 3;"
                          "UPDATE runs SET wall_ms = 77, bytes = 5, job_digest = 'other';"
                          "INSERT INTO requests SELECT 99, 1, 'anna', 1, 2, '', 502, '2', 1, 1, 1, "
                          "1, 1, 1, 'server_error', 'anna: HTTP 502', 1"),
              IsEmpty());
}

TEST_F(DatabaseDiffTest, NamesTheColumnAndBothValues) {
  EXPECT_THAT(found_after("UPDATE repos SET stargazers_count = 6, language = NULL WHERE id < 3"),
              ElementsAre("repos id 1: stargazers_count is 5 with threads, 6 with event_loop",
                          "repos id 2: language is \"C\" with threads, NULL with event_loop",
                          "repos id 2: stargazers_count is NULL with threads, 6 with event_loop"));
}

TEST_F(DatabaseDiffTest, FindsRowsThatOnlyOneHas) {
  EXPECT_THAT(found_after("DELETE FROM repo_topics; UPDATE repos SET id = 4 WHERE id = 3"),
              ElementsAre("repos id 3: only with threads", "repos id 4: only with event_loop",
                          "repo_topics repo_id 1, topic \"c\": only with threads"));
}

TEST_F(DatabaseDiffTest, OfATimeOnlyItsPresenceCounts) {
  EXPECT_THAT(found_after("UPDATE users SET gone_since = '2026-11-01' WHERE id = 10"),
              ElementsAre("users id 10: gone_since is 1 with threads, 0 with event_loop"));
}

TEST_F(DatabaseDiffTest, TypeAndSpellingCount) {
  EXPECT_THAT(found_after("UPDATE users SET login = 'Anna' WHERE id = 10;"
                          "UPDATE runs SET users_ok = 3"),
              ElementsAre("runs job \"nightly\": users_ok is 2 with threads, 3 with event_loop",
                          "users id 10: login is \"anna\" with threads, \"Anna\" with event_loop"));
}

TEST_F(DatabaseDiffTest, TheOutcomeOfAUserCounts) {
  EXPECT_THAT(
      found_after("UPDATE run_users SET outcome = 'failed' WHERE login = 'nobody'"),
      ElementsAre("run_users login \"nobody\": outcome is \"not_found\" with threads, \"failed\" "
                  "with event_loop"));
}

TEST_F(DatabaseDiffTest, ShowsTheFirstFewOfATable) {
  EXPECT_THAT(found_after("UPDATE repos SET stargazers_count = 99, name = 'x'", 2),
              ElementsAre("repos id 1: name is \"one\" with threads, \"x\" with event_loop",
                          "repos id 1: stargazers_count is 5 with threads, 99 with event_loop"));
}

TEST_F(DatabaseDiffTest, ChangesAreComparedByWhatTheyAre) {
  EXPECT_THAT(found_after("INSERT INTO repo_changes VALUES (1, 1, 'name', 'a', 'b', '2026')"),
              ElementsAre("repo_changes repo_id 1, field \"name\": only with event_loop"));
}

TEST_F(DatabaseDiffTest, OtherColumnsAreAFailure) {
  EXPECT_THAT(found_after("ALTER TABLE repos ADD COLUMN another TEXT"),
              ElementsAre("the two databases have different columns in the table repos; write both "
                          "with the same repopipe"));
}

TEST_F(DatabaseDiffTest, AMissingFileIsAFailure) {
  const auto found = differences(first_, folder_ / "none.db", resources_, 5, [] { return false; });
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, FailureKind::output);
}

// A new table must be compared or explicitly omitted.
TEST_F(DatabaseDiffTest, EveryTableIsComparedOrListed) {
  const auto tables = query(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1");
  EXPECT_THAT(tables, ElementsAre("listings", "missing_repos", "pages", "repo_changes",
                                  "repo_stats", "repo_topics", "repos", "requests", "run_listings",
                                  "run_parts", "run_requests", "run_tokens", "run_users",
                                  "run_waits", "runs", "user_renames", "users"));
  std::set<std::string> differing;
  for (const std::string& table : tables) {
    const auto found = found_after("DELETE FROM " + table);
    if (!found.empty()) differing.insert(table);
  }
  EXPECT_THAT(differing, ElementsAre("listings", "repo_stats", "repo_topics", "repos", "run_users",
                                     "runs", "users"))
      << "user_renames, run_listings and repo_changes are empty here; requests, pages, run_parts, "
         "run_requests, run_tokens, run_waits and missing_repos are left out";
}

}  // namespace
}  // namespace repopipe
