// Changes of repositories between runs, in `repo_stats`, `repo_changes` and `repos`.
#include <gmock/gmock.h>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::string_literals;

constexpr const char* kIntervals =
    "SELECT repo_id, substr(valid_from, 9, 2), substr(valid_to, 9, 2), stargazers_count "
    "FROM repo_stats";
constexpr const char* kChanges =
    "SELECT run_id, repo_id, field, old_value, new_value, changed_at FROM repo_changes";
constexpr const char* kGone = "SELECT id, owner_id, gone_since FROM repos ORDER BY id";
constexpr const char* kCounts =
    "SELECT run_id, login, repos, repos_new, repos_changed, repos_gone FROM run_users";

class HistoryTest : public StoreTest {};

TEST_F(HistoryTest, WritesOnlyTheSightingOfAnUnchangedRepository) {
  run(0, {listing(kAnna, on_day(0), {starred(1, 5)})});
  run(1, {listing(kAnna, on_day(1), {starred(1, 5)})});
  EXPECT_THAT(query(kIntervals), ElementsAre("1|01|NULL|5"));
  EXPECT_THAT(query(kChanges), IsEmpty());
  EXPECT_THAT(query(kCounts), ElementsAre("1|anna|1|1|0|0", "2|anna|1|0|0|0"));
  EXPECT_THAT(query("SELECT first_seen_at, last_seen_at, last_changed_at FROM repos"),
              ElementsAre("2026-11-01T00:00:00.000Z|2026-11-02T00:00:00.000Z|NULL"));
}

TEST_F(HistoryTest, EndsAnIntervalWhenAStatisticChanges) {
  run(0, {listing(kAnna, on_day(0), {starred(1, 5), starred(2, 1)})});
  run(1, {listing(kAnna, on_day(1), {starred(1, 6), starred(2, 1)})});
  run(2, {listing(kAnna, on_day(2), {starred(1, 6), starred(2, 1)})});
  run(3, {listing(kAnna, on_day(3), {starred(1, 5), starred(2, 1)})});
  EXPECT_THAT(query(kIntervals),
              ElementsAre("1|01|02|5", "1|02|04|6", "1|04|NULL|5", "2|01|NULL|1"));
  EXPECT_THAT(query(kChanges), IsEmpty());
  EXPECT_THAT(query("SELECT id, stargazers_count, last_changed_at FROM repos ORDER BY id"),
              ElementsAre("1|5|NULL", "2|1|NULL"));
  EXPECT_THAT(query("SELECT repos_changed FROM run_users"), ElementsAre("0", "1", "0", "1"));
}

TEST_F(HistoryTest, TellsEveryChangedAttribute) {
  run(0, {listing(kAnna, on_day(0), {{1, "old", {{"archived", 0}, {"language", "C"s}}}})});
  run(1, {listing(kAnna, on_day(1),
                  {{1, "new", {{"archived", 1}, {"homepage", "https://a.example"s}}}})});
  EXPECT_THAT(query(kChanges),
              ElementsAre("2|1|archived|0|1|2026-11-02T00:00:00.000Z",
                          "2|1|full_name|anna/old|anna/new|2026-11-02T00:00:00.000Z",
                          "2|1|homepage|NULL|https://a.example|2026-11-02T00:00:00.000Z",
                          "2|1|language|C|NULL|2026-11-02T00:00:00.000Z",
                          "2|1|name|old|new|2026-11-02T00:00:00.000Z"));
  EXPECT_THAT(query("SELECT typeof(old_value) FROM repo_changes WHERE field = 'archived'"),
              ElementsAre("integer"));
  EXPECT_THAT(query("SELECT name, archived, language, last_changed_at FROM repos"),
              ElementsAre("new|1|NULL|2026-11-02T00:00:00.000Z"));
  EXPECT_THAT(query(kCounts), ElementsAre("1|anna|1|1|0|0", "2|anna|1|0|1|0"));
}

Page without(Page page, const std::vector<std::string>& columns) {
  for (const std::string& column : columns) page.rows.clear_column(*page.rows.find(column));
  return page;
}

// A column that the batch does not have keeps its stored value.
TEST_F(HistoryTest, KeepsColumnsThatABatchDoesNotHave) {
  const Repo old{1, "a", {{"stargazers_count", 5}, {"size", 7}, {"language", "C"s}}};
  const Repo now{1, "b", {{"stargazers_count", 6}, {"size", 8}, {"language", "D"s}}};
  run(0, {listing(kAnna, on_day(0), {old})});
  run(1, {of_pages("anna", on_day(1), {without(page_of(kAnna, {now}), {"size", "language"})})});
  EXPECT_THAT(query("SELECT field FROM repo_changes"), ElementsAre("full_name", "name"));
  EXPECT_THAT(query("SELECT stargazers_count, size FROM repo_stats"), ElementsAre("5|7", "6|7"));
  EXPECT_THAT(query("SELECT name, stargazers_count, size, language FROM repos"),
              ElementsAre("b|6|7|C"));
}

TEST_F(HistoryTest, CountsNoChangeOfColumnsThatABatchDoesNotHave) {
  const Repo old{1, "a", {{"stargazers_count", 5}, {"topics", R"(["x"])"s}}};
  const Repo now{1, "a", {{"stargazers_count", 6}, {"topics", R"(["y"])"s}}};
  run(0, {listing(kAnna, on_day(0), {old})});
  const std::vector<std::string> columns{"stargazers_count", "topics"};
  run(1, {of_pages("anna", on_day(1), {without(page_of(kAnna, {now}), columns)})});
  EXPECT_THAT(query(kIntervals), ElementsAre("1|01|NULL|5"));
  EXPECT_THAT(query("SELECT topic FROM repo_topics"), ElementsAre("x"));
  EXPECT_THAT(query(kCounts), ElementsAre("1|anna|1|1|0|0", "2|anna|1|0|0|0"));
}

TEST_F(HistoryTest, BeginsANewRecordWithNullsForColumnsThatABatchDoesNotHave) {
  const Repo repo{1, "a", {{"stargazers_count", 5}, {"language", "C"s}}};
  run(0, {of_pages("anna", on_day(0),
                   {without(page_of(kAnna, {repo}), {"stargazers_count", "language"})})});
  EXPECT_THAT(query("SELECT name, stargazers_count, language FROM repos"),
              ElementsAre("a|NULL|NULL"));
  EXPECT_THAT(query(kIntervals), ElementsAre("1|01|NULL|NULL"));
  run(1, {listing(kAnna, on_day(1), {repo})});
  EXPECT_THAT(query("SELECT stargazers_count, language FROM repos"), ElementsAre("5|C"));
}

TEST_F(HistoryTest, MarksRecordsThatACompleteListLacksAsGone) {
  run(0, {listing(kAnna, on_day(0), {starred(1, 5), starred(2, 1), starred(3, 0)})});
  run(1, {listing(kAnna, on_day(1), {starred(2, 1)})});
  EXPECT_THAT(query(kGone), ElementsAre("1|10|2026-11-02T00:00:00.000Z", "2|10|NULL",
                                        "3|10|2026-11-02T00:00:00.000Z"));
  EXPECT_THAT(query(kIntervals), ElementsAre("1|01|02|5", "2|01|NULL|1", "3|01|02|0"));
  EXPECT_THAT(query(kChanges),
              ElementsAre("2|1|gone_since|NULL|2026-11-02T00:00:00.000Z|2026-11-02T00:00:00.000Z",
                          "2|3|gone_since|NULL|2026-11-02T00:00:00.000Z|2026-11-02T00:00:00.000Z"));
  run(2, {listing(kAnna, on_day(2), {starred(2, 1)})});
  EXPECT_THAT(query(kCounts), ElementsAre("1|anna|3|3|0|0", "2|anna|1|0|0|2", "3|anna|1|0|0|0"));
}

TEST_F(HistoryTest, MarksAllAsGoneWhenAKnownUserHasNoneLeft) {
  run(0, {listing(kAnna, on_day(0), {starred(1, 5)}), listing(kBen, on_day(0), {starred(2, 1)})});
  run(1, {bare("ANNA", on_day(1), Outcome::ok)});
  EXPECT_THAT(query(kGone), ElementsAre("1|10|2026-11-02T00:00:00.000Z", "2|20|NULL"));
  EXPECT_THAT(query("SELECT id, last_seen_at FROM users"),
              ElementsAre("10|2026-11-01T00:00:00.000Z", "20|2026-11-01T00:00:00.000Z"));
  EXPECT_THAT(query("SELECT login, user_id, repos_gone FROM run_users WHERE run_id = 2"),
              ElementsAre("ANNA|10|1"));
}

TEST_F(HistoryTest, TakesTheAccountSeenLastForAnEmptyList) {
  run(0, {listing({10, "anna"}, on_day(0), {starred(1, 5)})});
  run(1, {listing({11, "anna"}, on_day(1), {starred(2, 5)})});
  run(2, {bare("anna", on_day(2), Outcome::ok)});
  EXPECT_THAT(query(kGone), ElementsAre("1|10|NULL", "2|11|2026-11-03T00:00:00.000Z"));
}

TEST_F(HistoryTest, OpensANewIntervalWhenARepositoryReturns) {
  run(0, {listing(kAnna, on_day(0), {starred(1, 5), starred(2, 1)})});
  run(1, {listing(kAnna, on_day(1), {starred(2, 1)})});
  run(2, {listing(kAnna, on_day(2), {starred(1, 5), starred(2, 1)})});
  EXPECT_THAT(query(kGone), ElementsAre("1|10|NULL", "2|10|NULL"));
  EXPECT_THAT(query(kIntervals), ElementsAre("1|01|02|5", "1|03|NULL|5", "2|01|NULL|1"));
  EXPECT_THAT(query(kChanges),
              ElementsAre("2|1|gone_since|NULL|2026-11-02T00:00:00.000Z|2026-11-02T00:00:00.000Z",
                          "3|1|gone_since|2026-11-02T00:00:00.000Z|NULL|2026-11-03T00:00:00.000Z"));
  EXPECT_THAT(query("SELECT repos_new, repos_changed, repos_gone FROM run_users"),
              ElementsAre("2|0|0", "0|0|1", "0|1|0"));
}

TEST_F(HistoryTest, MarksNothingAsGoneUnlessTheListIsComplete) {
  run(0, {listing(kAnna, on_day(0), {starred(1, 5)})});
  const auto before = query(kGone);
  for (const Outcome outcome : {Outcome::unchanged, Outcome::not_found, Outcome::renamed,
                                Outcome::blocked, Outcome::failed, Outcome::abandoned}) {
    run(1, {bare("anna", on_day(1), outcome, "why")});
    EXPECT_EQ(query(kGone), before);
  }
  EXPECT_THAT(query(kChanges), IsEmpty());
  EXPECT_THAT(query("SELECT last_seen_at FROM users"), ElementsAre("2026-11-01T00:00:00.000Z"));
}

TEST_F(HistoryTest, ReplacesTheValuesOfAnIntervalThatDidNotBeginEarlier) {
  run(0, {listing(kAnna, on_day(0), {starred(1, 5)})});
  run(1, {listing(kAnna, on_day(0), {starred(1, 6)})});   // within the same millisecond
  run(2, {listing(kAnna, on_day(-1), {starred(1, 7)})});  // the clock was set back
  EXPECT_THAT(query(kIntervals), ElementsAre("1|01|NULL|7"));
  run(3, {bare("anna", on_day(-1), Outcome::ok)});
  EXPECT_THAT(query(kIntervals), ElementsAre("1|01|01|7"));
  run(4, {listing(kAnna, on_day(0), {starred(1, 8)})});
  EXPECT_THAT(query(kIntervals), ElementsAre("1|01|NULL|8"));
}

TEST_F(HistoryTest, CountsAUserThatTheJobNamesTwiceOnce) {
  begin(0);
  Listing first = listing(kAnna, on_day(0, 1), {starred(1, 5), starred(2, 0)});
  Listing second = listing(kAnna, on_day(0, 2), {starred(1, 6), starred(2, 0)});
  second.login = "Anna";
  ASSERT_TRUE(write({first, second}));
  EXPECT_THAT(query(kCounts), ElementsAre("1|anna|2|2|1|0"));
  EXPECT_THAT(
      query("SELECT repo_id, valid_from, valid_to, stargazers_count FROM repo_stats"),
      ElementsAre("1|2026-11-01T00:00:00.001Z|2026-11-01T00:00:00.002Z|5",
                  "1|2026-11-01T00:00:00.002Z|NULL|6", "2|2026-11-01T00:00:00.001Z|NULL|0"));
}

TEST_F(HistoryTest, ForgetsAChangeThatIsUndoneInTheSameRun) {
  run(0, {listing(kAnna, on_day(0), {{1, "old"}})});
  begin(1);
  ASSERT_TRUE(write(
      {listing(kAnna, on_day(1, 1), {{1, "new"}}), listing(kAnna, on_day(1, 2), {{1, "newer"}})}));
  EXPECT_THAT(query("SELECT field, old_value, new_value FROM repo_changes"),
              ElementsAre("full_name|anna/old|anna/newer", "name|old|newer"));
  ASSERT_TRUE(write({listing(kAnna, on_day(1, 3), {{1, "old"}})}));
  EXPECT_THAT(query(kChanges), IsEmpty());
}

TEST_F(HistoryTest, TellsChangesAlsoAfterTheClockWasSetBack) {
  run(3, {listing(kAnna, on_day(3), {{1, "old"}, {2, "b"}})});
  run(1, {listing(kAnna, on_day(1), {{1, "new"}})});
  EXPECT_THAT(query("SELECT run_id, repo_id, field, old_value, new_value FROM repo_changes "
                    "WHERE field <> 'gone_since'"),
              ElementsAre("2|1|full_name|anna/old|anna/new", "2|1|name|old|new"));
  EXPECT_THAT(query("SELECT id, name, last_seen_at, gone_since FROM repos"),
              ElementsAre("1|new|2026-11-02T00:00:00.000Z|NULL",
                          "2|b|2026-11-04T00:00:00.000Z|2026-11-02T00:00:00.000Z"));
}

TEST_F(HistoryTest, KeepsTheLaterOfTwoListingsOfARunInEitherOrder) {
  const Listing early = listing(kAnna, on_day(1, 1), {{1, "a"}});
  const Listing late = listing(kBen, on_day(1, 2), {{1, "a"}});
  for (const auto& both : {std::vector{early, late}, std::vector{late, early}}) {
    start_over();
    run(0, {listing(kAnna, on_day(0), {{1, "a"}})});
    run(1, both);
    EXPECT_THAT(query("SELECT owner_id, full_name, last_seen_at, gone_since FROM repos"),
                ElementsAre("20|ben/a|2026-11-02T00:00:00.002Z|NULL"));
    EXPECT_THAT(query("SELECT field, old_value, new_value FROM repo_changes"),
                ElementsAre("full_name|anna/a|ben/a", "owner_id|10|20"));
  }
}

// Repositories move between three users in one run: with a new star, without a change, and back
// from an earlier run.  Every order of writing must lead to the same database.
class TransferTest : public HistoryTest {
 protected:
  std::vector<std::string> after(const std::vector<Listing>& third_night) {
    start_over();
    run(0, {listing(kAnna, on_day(0), {starred(1, 5), starred(2, 2), starred(3, 3)}),
            listing(kBen, on_day(0), {starred(4, 7)})});
    run(1, {listing(kAnna, on_day(1), {starred(1, 5), starred(2, 2)}),
            listing(kBen, on_day(1), {starred(4, 7)})});
    run(2, third_night);
    return dump();
  }

  // 1 and 2 from anna to ben, 3 from nowhere to ben, 4 from ben to carl.
  const Listing anna_ = listing(kAnna, on_day(2, 1), {starred(9, 0)});
  const Listing ben_ = listing(kBen, on_day(2, 2), {starred(1, 6), starred(2, 2), starred(3, 3)});
  const Listing carl_ = listing({30, "carl"}, on_day(2, 3), {starred(4, 7)});
};

TEST_F(TransferTest, IsTheSameInEveryOrder) {
  const auto expected = after({ben_, carl_, anna_});
  EXPECT_EQ(after({anna_, ben_, carl_}), expected);
  EXPECT_EQ(after({anna_, carl_, ben_}), expected);
  EXPECT_EQ(after({ben_, anna_, carl_}), expected);
  EXPECT_EQ(after({carl_, anna_, ben_}), expected);
  EXPECT_EQ(after({carl_, ben_, anna_}), expected);
}

TEST_F(TransferTest, ChangesTheOwnerAndMarksNothingAsGone) {
  after({anna_, ben_, carl_});
  EXPECT_THAT(query(kGone),
              ElementsAre("1|20|NULL", "2|20|NULL", "3|20|NULL", "4|30|NULL", "9|10|NULL"));
  EXPECT_THAT(query("SELECT run_id, repo_id, field, old_value, new_value FROM repo_changes"),
              ElementsAre("2|3|gone_since|NULL|2026-11-02T00:00:00.000Z",
                          "3|1|full_name|anna/repo-1|ben/repo-1", "3|1|owner_id|10|20",
                          "3|2|full_name|anna/repo-2|ben/repo-2", "3|2|owner_id|10|20",
                          "3|3|full_name|anna/repo-3|ben/repo-3",
                          "3|3|gone_since|2026-11-02T00:00:00.000Z|NULL", "3|3|owner_id|10|20",
                          "3|4|full_name|ben/repo-4|carl/repo-4", "3|4|owner_id|20|30"));
  EXPECT_THAT(query(kIntervals), ElementsAre("1|01|03|5", "1|03|NULL|6", "2|01|NULL|2", "3|01|02|3",
                                             "3|03|NULL|3", "4|01|NULL|7", "9|03|NULL|0"));
  EXPECT_THAT(query("SELECT login, repos, repos_new, repos_changed, repos_gone FROM run_users "
                    "WHERE run_id = 3"),
              ElementsAre("anna|1|1|0|0", "ben|3|0|3|0", "carl|1|0|1|0"));
  EXPECT_THAT(query("SELECT repos_seen, repos_new, repos_changed, repos_gone FROM runs"),
              ElementsAre("4|4|0|0", "3|0|0|1", "5|1|4|0"));
}

}  // namespace
}  // namespace repopipe
