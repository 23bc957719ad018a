// Several runs, and the views on a changing world.  The oracle is a second database that saw only
// the later day.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using ::testing::IsEmpty;

constexpr int kDaysLater = 3;  // enough for every kind of change

void night(Nightly& job, int day) {
  const Simulator github(world(day));
  job.ask(github.base_url());
  const Ended ended = job.run();
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
}

// All that GitHub says of the repositories that are there.
Rows present(const std::filesystem::path& database) {
  return query(database,
               "SELECT id, full_name, owner_id, description, stargazers_count, forks_count, size,"
               "       open_issues_count, pushed_at, updated_at, topics "
               "FROM repos WHERE gone_since IS NULL ORDER BY id");
}

// `a` and `b`: databases that saw only the day before, and only the day after.
Rows compare(const Nightly& a, const Nightly& b, const std::string& sql) {
  const auto joined = a.folder() / "joined.db";
  execute(joined, "ATTACH '" + a.database().string() + "' AS a; ATTACH '" + b.database().string() +
                      "' AS b; DROP TABLE IF EXISTS answer; CREATE TABLE answer AS " + sql);
  return query(joined, "SELECT * FROM answer ORDER BY 1");
}

TEST(Nights, TheViewsTellWhatChanged) {
  const std::vector<std::string> users = users_of(world());
  Nightly nightly("", users), only_before("", users), only_after("", users);
  ASSERT_NO_FATAL_FAILURE(night(only_before, 0));
  ASSERT_NO_FATAL_FAILURE(night(only_after, kDaysLater));
  ASSERT_NO_FATAL_FAILURE(night(nightly, 0));
  EXPECT_EQ(query(nightly.database(), "SELECT count(*) FROM vanished_repos"), (Rows{{"0"}}));
  ASSERT_NO_FATAL_FAILURE(night(nightly, kDaysLater));

  EXPECT_EQ(present(nightly.database()), present(only_after.database()));
  const auto told = [&](const std::string& sql) { return query(nightly.database(), sql); };
  const auto expected = [&](const std::string& sql) {
    const Rows rows = compare(only_before, only_after, sql);
    EXPECT_FALSE(rows.empty()) << "nothing of this kind has happened: " << sql;
    return rows;
  };
  EXPECT_EQ(told("SELECT repo_id, full_name FROM new_repos ORDER BY 1"),
            expected("SELECT id, full_name FROM b.repos WHERE id NOT IN (SELECT id FROM a.repos)"));
  EXPECT_EQ(told("SELECT repo_id, full_name FROM vanished_repos ORDER BY 1"),
            expected("SELECT id, full_name FROM a.repos WHERE id NOT IN (SELECT id FROM b.repos)"));
  EXPECT_EQ(told("SELECT repo_id, renamed_from, renamed_to FROM renames ORDER BY 1"),
            expected("SELECT a.id, a.full_name, b.full_name AS later FROM a.repos a, b.repos b "
                     "WHERE a.id = b.id AND a.full_name <> b.full_name"));
  EXPECT_EQ(told("SELECT repo_id, stars_then, stars_now, gain FROM star_gains_7d ORDER BY 1"),
            expected("SELECT a.id, a.stargazers_count, b.stargazers_count AS later,"
                     "       b.stargazers_count - a.stargazers_count AS gain "
                     "FROM a.repos a, b.repos b "
                     "WHERE a.id = b.id AND b.stargazers_count > a.stargazers_count"));
  EXPECT_EQ(told("SELECT id, full_name FROM repos_as_of WHERE day = date('now') ORDER BY id"),
            compare(only_before, only_after, "SELECT id, full_name FROM b.repos"));
}

TEST(Nights, NothingChangesOnTheSameDay) {
  Nightly nightly("", users_of(world()));
  ASSERT_NO_FATAL_FAILURE(night(nightly, 0));
  const std::vector<std::string> before = dump(nightly.database(), Part::world);
  ASSERT_NO_FATAL_FAILURE(night(nightly, 0));
  EXPECT_THAT(difference(dump(nightly.database(), Part::world), before), IsEmpty());
  EXPECT_EQ(query(nightly.database(),
                  "SELECT id, status, users_not_found, users_ok + users_unchanged, repos_new,"
                  "       repos_changed, repos_gone FROM runs ORDER BY id DESC LIMIT 1"),
            (Rows{{"2", "complete", "10", std::to_string(kAccounts), "0", "0", "0"}}));
}

TEST(Nights, AUserThatIsNoLongerListedKeepsItsRows) {
  Nightly nightly("", users_of(world()));
  ASSERT_NO_FATAL_FAILURE(night(nightly, 0));
  const std::string repos = value(nightly.database(), "SELECT count(*) FROM repos");
  nightly.list({"nobody-1", users_of(world()).back()});
  ASSERT_NO_FATAL_FAILURE(night(nightly, 1));
  EXPECT_EQ(value(nightly.database(),
                  "SELECT count(*) FROM repos WHERE gone_since IS NULL AND first_seen_run = 1"),
            repos);
}

}  // namespace
}  // namespace repopipe::e2e
