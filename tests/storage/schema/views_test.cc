// Each view, with all rows of its result.
#include <gmock/gmock.h>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;
using namespace std::string_literals;

Repo starred(std::int64_t id, std::int64_t stars, const char* name = "repo") {
  return {id, name + ("-" + std::to_string(id)), {{"stargazers_count", stars}}};
}

class ViewsTest : public StoreTest {
 protected:
  // Ends the latest run with these times.
  void finish_with(const RunTimes& times) {
    const RunEnd end{RunStatus::complete, ExitCode::complete, "", times};
    ASSERT_TRUE(
        RunTable(*database_, test_resources()).finish(run_id_, end, Marks{}, on_day(day_, 60'000)));
  }
};

TEST_F(ViewsTest, AreEmptyBeforeTheFirstRun) {
  for (const char* view :
       {"latest_run", "slowest_users", "time_by_stage", "failures", "star_gains_7d", "new_repos",
        "vanished_repos", "renames", "repos_as_of"}) {
    EXPECT_THAT(query("SELECT * FROM " + std::string(view)), IsEmpty()) << view;
  }
}

// SQLite stores views as they were written, so sqlite3 shows users readable text.
TEST_F(ViewsTest, HaveNoMoreThanFifteenLines) {
  for (const std::string& view :
       query("SELECT name || ' ' || (length(sql) - length(replace(sql, char(10), '')) + 1) "
             "FROM sqlite_schema WHERE type = 'view'")) {
    EXPECT_LE(std::stoi(view.substr(view.find(' '))), 15) << view;
  }
  EXPECT_THAT(query("SELECT name FROM sqlite_schema WHERE type = 'view' AND sql LIKE '%LIMIT 1%' "
                    "AND sql LIKE '%shard%' ORDER BY 1"),
              ElementsAre("current_runs", "finished_runs"));
}

TEST_F(ViewsTest, LatestRunAlsoCountsWhileItRuns) {
  run(0, {listing(kAnna, on_day(0), {starred(1, 1)})});
  begin(1);
  ASSERT_TRUE(
      write({listing(kAnna, on_day(1), {starred(1, 1)}), bare("ben", on_day(1), Outcome::failed)}));
  EXPECT_THAT(query("SELECT id, status, users_ok, users_settled FROM latest_run"),
              ElementsAre("2|running|0|2"));
  finish();
  EXPECT_THAT(query("SELECT id, status, users_ok, users_failed, users_settled FROM latest_run"),
              ElementsAre("2|complete|1|1|2"));
}

TEST_F(ViewsTest, SlowestUsersHasTheTimeOfEachStage) {
  run(0, {bare("before", on_day(0), Outcome::ok)});
  begin(1);
  Listing anna = bare("anna", on_day(1), Outcome::ok);
  anna.queued = 5ms;
  anna.fetch = 90ms;
  anna.parse = 4ms;
  anna.settled_at = on_day(1, 2500);
  anna.request_logs = {request_log(2, 10)};
  anna.request_logs.front().timing.started_at = on_day(1);
  Listing ben = bare("ben", on_day(1), Outcome::failed, "HTTP 502");
  ben.queued = 400ms;
  Listing carl = bare("carl", on_day(1), Outcome::ok);
  carl.parse = 2ms;
  ASSERT_TRUE(write({anna, ben, carl, bare("dora", on_day(1), Outcome::ok)}));
  EXPECT_THAT(query("SELECT * FROM slowest_users"),
              ElementsAre("ben|failed|401.0|queued|400.0|0.0|0.0|1.0|0|0|0|0|0|NULL",
                          "anna|ok|100.0|fetch|5.0|90.0|4.0|1.0|0|0|1|2|10|2500.0",
                          "carl|ok|3.0|parse|0.0|0.0|2.0|1.0|0|0|0|0|0|NULL",
                          "dora|ok|1.0|store|0.0|0.0|0.0|1.0|0|0|0|0|0|NULL"));
}

TEST_F(ViewsTest, TheSpanOfAUserBeginsInThePartOfTheRunThatCompletedIt) {
  const auto requested = [](Listing listing, WallTime at) {
    listing.request_logs = {request_log(1, 10), request_log(1, 10)};
    listing.request_logs[0].timing.started_at = at;
    listing.request_logs[1].timing.started_at = at + 1s;
    return listing;
  };
  begin(1);
  ASSERT_TRUE(write({requested(bare("anna", on_day(1), Outcome::abandoned), on_day(1)),
                     requested(bare("ben", on_day(1, 3000), Outcome::ok), on_day(1))}));
  finish(RunStatus::interrupted);
  RunTable table(*database_, test_resources());
  ASSERT_TRUE(table.begin({"nightly", "0.2.0", on_day(2)}, Unfinished::resume)->resumed);
  ASSERT_TRUE(write({requested(bare("anna", on_day(2, 5000), Outcome::ok), on_day(2, 100))}));
  EXPECT_THAT(query("SELECT login, span_ms FROM slowest_users ORDER BY login"),
              ElementsAre("anna|4900.0", "ben|3000.0"));
}

TEST_F(ViewsTest, TimeByStageSharesOutEveryRun) {
  begin(0);
  finish_with({10ms, 60ms, 20ms, 8ms, 2ms, 250ms, 30ms, 15ms, 5ms});
  begin(1);
  finish_with({});
  EXPECT_THAT(
      query("SELECT * FROM time_by_stage WHERE run_id = 1"),
      ElementsAre("1|wall|starting|10.0|10.0", "1|wall|fetching|60.0|60.0",
                  "1|wall|processing|20.0|20.0", "1|wall|waiting|8.0|8.0",
                  "1|wall|finishing|2.0|2.0", "1|busy|fetch|250.0|250.0", "1|busy|parse|30.0|30.0",
                  "1|busy|store|15.0|15.0", "1|busy|plan|5.0|5.0"));
  EXPECT_THAT(query("SELECT DISTINCT ms, percent FROM time_by_stage WHERE run_id = 2"),
              ElementsAre("0.0|NULL"));
}

TEST_F(ViewsTest, FailuresAreThoseOfTheLatestRun) {
  run(0, {bare("old", on_day(0), Outcome::failed, "HTTP 500")});
  run(1, {bare("slow", on_day(1), Outcome::failed, "page 2: HTTP 502"),
          bare("fine", on_day(1), Outcome::ok), bare("same", on_day(1), Outcome::unchanged),
          bare("ghost", on_day(1), Outcome::not_found, "HTTP 404"),
          bare("spam", on_day(1), Outcome::blocked, "HTTP 451")});
  EXPECT_THAT(query("SELECT * FROM failures"),
              ElementsAre("ghost|not_found|HTTP 404|0|0|2026-11-02T00:00:00.000Z",
                          "slow|failed|page 2: HTTP 502|0|0|2026-11-02T00:00:00.000Z",
                          "spam|blocked|HTTP 451|0|0|2026-11-02T00:00:00.000Z"));
}

TEST_F(ViewsTest, StarGainsLookBackSevenDaysFromTheLatestRun) {
  // 1 gains all the time, 2 gained before the week, 3 loses, 4 vanishes, 5 is new in the week.
  run(0, {listing(kAnna, on_day(0), {starred(1, 1), starred(2, 1), starred(3, 9), starred(4, 1)})});
  run(2, {listing(kAnna, on_day(2), {starred(1, 2), starred(2, 5), starred(3, 9), starred(4, 1)})});
  run(6, {listing(kAnna, on_day(6),
                  {starred(1, 4), starred(2, 5), starred(3, 8), starred(4, 7), starred(5, 10)})});
  run(10,
      {listing(kAnna, on_day(10), {starred(1, 8), starred(2, 5), starred(3, 7), starred(5, 30)})});
  EXPECT_THAT(query("SELECT * FROM star_gains_7d"),
              ElementsAre("5|anna/repo-5|10|30|20|2026-11-07T00:00:00.000Z",
                          "1|anna/repo-1|2|8|6|2026-11-04T00:00:00.000Z"));
}

TEST_F(ViewsTest, NewAndVanishedAreThoseOfTheLatestFinishedRun) {
  run(0, {listing(kAnna, on_day(0), {starred(1, 1), starred(2, 1)})});
  run(1, {listing(kAnna, on_day(1), {starred(2, 1), starred(3, 1)}),
          listing(kBen, on_day(1), {starred(4, 1)})});
  begin(2);
  ASSERT_TRUE(write({listing(kAnna, on_day(2), {starred(5, 1)})}));
  EXPECT_THAT(query("SELECT * FROM new_repos"),
              ElementsAre("3|anna/repo-3|anna|2026-11-02T00:00:00.000Z|2",
                          "4|ben/repo-4|ben|2026-11-02T00:00:00.000Z|2"));
  EXPECT_THAT(
      query("SELECT * FROM vanished_repos"),
      ElementsAre("1|anna/repo-1|anna|2026-11-02T00:00:00.000Z|2026-11-01T00:00:00.000Z|2"));
  finish(RunStatus::incomplete);
  EXPECT_THAT(query("SELECT full_name, run_id FROM new_repos"), ElementsAre("anna/repo-5|3"));
  EXPECT_THAT(query("SELECT full_name, run_id FROM vanished_repos"),
              ElementsAre("anna/repo-2|3", "anna/repo-3|3"));
}

TEST_F(ViewsTest, RenamesAreNewestFirst) {
  run(0, {listing(kAnna, on_day(0), {{1, "a"}, {2, "b"}, {3, "c"}})});
  run(1, {listing(kAnna, on_day(1), {{1, "a2"}, {2, "b"}, {3, "c"}})});
  run(2, {listing({10, "anna-b"}, on_day(2), {{1, "a2"}, {2, "b", {{"language", "C"s}}}}),
          listing(kBen, on_day(2), {{3, "c"}})});
  EXPECT_THAT(query("SELECT * FROM renames"),
              ElementsAre("1|2026-11-03T00:00:00.000Z|full_name|anna/a2|anna-b/a2|3",
                          "2|2026-11-03T00:00:00.000Z|full_name|anna/b|anna-b/b|3",
                          "3|2026-11-03T00:00:00.000Z|full_name|anna/c|ben/c|3",
                          "1|2026-11-02T00:00:00.000Z|full_name|anna/a|anna/a2|2"));
}

TEST_F(ViewsTest, ReposAsOfADayHaveEveryFieldOfThen) {
  const auto repo = [](const char* name, Cell description, std::int64_t stars) {
    return Repo{1, name, {{"description", std::move(description)}, {"stargazers_count", stars}}};
  };
  run(0, {listing(kAnna, on_day(0), {repo("a", {}, 1), starred(2, 2)})});
  run(1, {listing(kAnna, on_day(1), {repo("a", "first"s, 1), starred(2, 2)})});
  run(3, {listing(kAnna, on_day(3), {repo("b", "second"s, 5)})});
  run(4, {listing(kAnna, on_day(4), {repo("b", {}, 5), starred(2, 2), starred(3, 0)})});
  const auto as_of = [this](const char* day) {
    return query(
        "SELECT id, full_name, description, stargazers_count, owner_id FROM repos_as_of "
        "WHERE day = '" +
        std::string(day) + "' ORDER BY id");
  };
  EXPECT_THAT(as_of("2026-10-31"), IsEmpty());
  EXPECT_THAT(as_of("2026-11-01"), ElementsAre("1|anna/a|NULL|1|10", "2|anna/repo-2|NULL|2|10"));
  EXPECT_THAT(as_of("2026-11-02"), ElementsAre("1|anna/a|first|1|10", "2|anna/repo-2|NULL|2|10"));
  EXPECT_THAT(as_of("2026-11-03"), ElementsAre("1|anna/a|first|1|10", "2|anna/repo-2|NULL|2|10"));
  EXPECT_THAT(as_of("2026-11-04"), ElementsAre("1|anna/b|second|5|10"));
  EXPECT_THAT(as_of("2026-11-05"), ElementsAre("1|anna/b|NULL|5|10", "2|anna/repo-2|NULL|2|10",
                                               "3|anna/repo-3|NULL|0|10"));
  EXPECT_THAT(as_of("2026-11-06"), IsEmpty());
  EXPECT_THAT(
      query("SELECT day, count(*) FROM repos_as_of GROUP BY day"),
      ElementsAre("2026-11-01|2", "2026-11-02|2", "2026-11-03|2", "2026-11-04|1", "2026-11-05|3"));
}

TEST_F(ViewsTest, ReposAsOfToday) {
  run(0, {listing(kAnna, on_day(0), {{1, "a", {{"archived", 1}, {"topics", R"(["x"])"s}}}})});
  std::string same;
  for (const Field& field : fields_) {
    if (field.role == Role::account_login || field.role == Role::account_kind) continue;
    same += std::string(same.empty() ? "" : ", ") + "\"" + std::string(field.column) + "\"";
  }
  EXPECT_EQ(query("SELECT " + same + " FROM repos_as_of WHERE day = '2026-11-01'"),
            query("SELECT " + same + " FROM repos"));
}

TEST_F(ViewsTest, ReposAsOfOneDayVisitEachRepositoryOnce) {
  std::string plan;
  for (const auto& step :
       query("EXPLAIN QUERY PLAN SELECT * FROM repos_as_of WHERE day = '2026-11-01'")) {
    plan += step.substr(step.rfind('|') + 1) + "\n";
  }
  EXPECT_THAT(plan, ::testing::HasSubstr("SCAN r\nSEARCH s USING PRIMARY KEY (repo_id=? AND "
                                         "valid_from<?)\n"));
  EXPECT_THAT(plan, ::testing::HasSubstr("SEARCH repo_changes USING INDEX "
                                         "repo_changes_by_repo (repo_id=?)"));
  EXPECT_THAT(plan, ::testing::Not(::testing::HasSubstr("SCAN repo_changes\n")));
  EXPECT_THAT(plan, ::testing::Not(::testing::HasSubstr("TEMP B-TREE")));
}

}  // namespace
}  // namespace repopipe
