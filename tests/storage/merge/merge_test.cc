#include "storage/merge/merge.h"

#include <gmock/gmock.h>

#include "tests/storage/fault_vfs.h"
#include "tests/storage/merge/merge_world.h"
#include "tests/storage/test_fields.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Paths = std::vector<fs::path>;

class MergeTest : public ::testing::Test {
 protected:
  std::vector<std::string> query(const fs::path& database, std::string_view sql) {
    auto opened = Database::open(database, Access::read_write);
    if (!opened) return {opened.error().message};
    return rows(*opened, sql);
  }
  fs::path copy(const fs::path& database) {
    const fs::path path = folder_.path() / ("copy-" + std::to_string(++copies_) + ".db");
    fs::copy_file(database, path);
    return path;
  }

  // Day of the begin, day of the end and stars.
  std::vector<std::string> merged_intervals(const Paths& order) {
    fs::remove(out_);
    merge_all(out_, order);
    expect_sound(out_);
    return query(out_,
                 "SELECT substr(valid_from, 9, 2), substr(valid_to, 9, 2), stargazers_count "
                 "FROM repo_stats ORDER BY valid_from");
  }

  TempFolder folder_;
  const fs::path one_ = folder_ / "one.db";
  const fs::path two_ = folder_ / "two.db";
  const fs::path out_ = folder_ / "out.db";
  int copies_ = 0;
};

TEST_F(MergeTest, CountsTheRowsOfEachFile) {
  spend(one_, {.listings = {listing(kAnna, on_day(0), {starred(1, 1), starred(2, 1)})}});
  spend(two_, {.listings = {listing(kBen, on_day(0), {starred(3, 1)})}});
  EXPECT_THAT(merge_all(out_, {one_, two_}), ElementsAre(Merged{1, 1, 2, 2}, Merged{1, 1, 1, 1}));
  spend(one_, {.day = 1, .listings = {listing(kAnna, on_day(1), {starred(2, 5), starred(4, 1)})}});
  EXPECT_THAT(merge_all(out_, {one_, two_}), ElementsAre(Merged{1, 1, 2, 1}, Merged{}));
  EXPECT_THAT(merge_all(out_, {one_, two_}), ElementsAre(Merged{}, Merged{}));
  expect_sound(out_);
}

// A new table of the schema needs a rule of the merge, and a place in `logical`.
TEST_F(MergeTest, KnowsEveryTable) {
  spend(one_, {});
  EXPECT_EQ(query(one_, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1"),
            merged_tables());
}

TEST_F(MergeTest, NumbersRunsAsTheyBegan) {
  spend(one_, {.day = 0});
  spend(one_, {.day = 2});
  spend(two_, {.day = 1});
  spend(two_, {.day = 3});
  merge_all(out_, {two_, one_});
  EXPECT_THAT(query(out_, "SELECT id, substr(started_at, 9, 2), merged FROM runs"),
              ElementsAre("1|01|1", "2|02|1", "3|03|1", "4|04|1"));
  spend(one_, {.day = 5});
  spend(two_, {.day = 4});
  merge_all(out_, {one_, two_});
  EXPECT_THAT(query(out_, "SELECT id, substr(started_at, 9, 2) FROM runs WHERE id > 4"),
              ElementsAre("5|05", "6|06"));
}

TEST_F(MergeTest, ARunThatWasUnfinishedGetsItsLaterState) {
  const Listing anna = listing(kAnna, on_day(0, 1), {starred(1, 1)});
  const Listing ben = listing(kBen, on_day(0, 2), {starred(2, 1)});
  spend(one_, {.listings = {anna}, .status = RunStatus::running});
  const fs::path before = copy(one_);
  merge_all(out_, {one_});
  EXPECT_THAT(query(out_, "SELECT status, users_ok, users_settled FROM latest_run"),
              ElementsAre("running|0|1"));
  spend(one_, {.listings = {ben}});
  EXPECT_THAT(merge_all(out_, {one_}), ElementsAre(Merged{1, 1, 1, 1}));
  EXPECT_THAT(query(out_, "SELECT id, status, resumed, users_ok FROM latest_run"),
              ElementsAre("1|complete|1|2"));
  EXPECT_EQ(logical(out_), logical(one_));
  EXPECT_THAT(merge_all(out_, {before}), ElementsAre(Merged{}));
  EXPECT_EQ(logical(out_), logical(one_));
}

// Within the run a repository is missing and then found with another account.
TEST_F(MergeTest, MissingRecordsAreNotGoneBeforeTheEndOfTheRun) {
  spend(one_,
        {.listings = {listing(kAnna, on_day(0), {starred(1, 1)}), listing(kBen, on_day(0), {})}});
  spend(one_,
        {.day = 1, .listings = {listing(kAnna, on_day(1), {})}, .status = RunStatus::running});
  merge_all(out_, {one_});
  EXPECT_THAT(query(out_, "SELECT count(*) FROM repos WHERE gone_since > ''"), ElementsAre("0"));
  EXPECT_THAT(query(out_, "SELECT repo_id FROM missing_repos"), ElementsAre("1"));
  spend(one_, {.day = 1, .listings = {listing(kBen, on_day(1, 5), {starred(1, 1)})}});
  merge_all(out_, {one_});
  EXPECT_EQ(logical(out_), logical(one_));
  expect_sound(out_);
}

TEST_F(MergeTest, ARepositoryThatMovedToAnotherShardIsNotGone) {
  for (const int later : {1, -1}) {  // than the shard that it left
    const fs::path left = folder_.path() / ("left" + std::to_string(later) + ".db");
    const fs::path right = folder_.path() / ("right" + std::to_string(later) + ".db");
    const fs::path out = folder_.path() / ("out" + std::to_string(later) + ".db");
    spend(left, {.listings = {listing(kAnna, on_day(0), {starred(1, 1)})}, .shard = {1, 2}});
    spend(right, {.listings = {listing(kBen, on_day(0), {starred(2, 1)})}, .shard = {2, 2}});
    spend(left, {.day = 1, .listings = {listing(kAnna, on_day(1, 500), {})}, .shard = {1, 2}});
    spend(right,
          {.day = 1,
           .listings = {listing(kBen, on_day(1, 500 + later), {starred(1, 1), starred(2, 1)})},
           .shard = {2, 2}});
    merge_all(out, {left, right});
    expect_sound(out);
    EXPECT_THAT(query(out,
                      "SELECT id, owner_id, full_name, gone_since, substr(first_seen_at, 9, 2) "
                      "FROM repos ORDER BY id"),
                ElementsAre("1|20|ben/repo-1|NULL|01", "2|20|ben/repo-2|NULL|01"));
    EXPECT_THAT(query(out, "SELECT * FROM vanished_repos"), IsEmpty());
    EXPECT_THAT(query(out, "SELECT field FROM repo_changes"), ElementsAre("gone_since"));
    // The vanishing is not undone.
    merge_all(out, {left});
    EXPECT_THAT(query(out, "SELECT count(*) FROM repos WHERE gone_since > ''"), ElementsAre("0"));
  }
}

// Of two files that each know a part of a repository's past: where one interval ends, the next one
// begins.
TEST_F(MergeTest, JoinsIntervalsThatTouch) {
  spend(one_, {.listings = {listing(kAnna, on_day(0), {starred(1, 5)})}});
  const fs::path copied = copy(one_);
  spend(one_, {.day = 1, .listings = {listing(kAnna, on_day(1), {starred(1, 6)})}});
  spend(copied, {.day = 2, .listings = {listing(kAnna, on_day(2), {starred(1, 7)})}});
  const auto expected = ElementsAre("01|02|5", "02|03|6", "03|NULL|7");
  EXPECT_THAT(merged_intervals({one_, copied}), expected);
  EXPECT_THAT(merged_intervals({copied, one_}), expected);
}

// Both files have an interval that begins at the same moment.
TEST_F(MergeTest, TakesOneOfTwoIntervalsThatBeginTogether) {
  spend(one_, {.listings = {listing(kAnna, on_day(0), {starred(1, 5)})}});
  const fs::path copied = copy(one_);
  spend(one_, {.day = 1, .listings = {listing(kAnna, on_day(1), {starred(1, 6)})}});
  spend(copied, {.day = 1, .listings = {listing(kAnna, on_day(1), {starred(1, 7)})}});
  const auto expected = ElementsAre("01|02|5", "02|NULL|7");
  EXPECT_THAT(merged_intervals({one_, copied}), expected);
  EXPECT_THAT(merged_intervals({copied, one_}), expected);
}

TEST_F(MergeTest, AnAccountIsGoneUnlessItWasSeenLater) {
  spend(one_, {.listings = {listing(kAnna, on_day(0), {starred(1, 1)})}});
  spend(one_, {.day = 2, .listings = {gone_account("anna", on_day(2), 10)}});
  spend(two_, {.day = 1, .listings = {listing(kAnna, on_day(1), {starred(1, 2)})}});
  const char* const state =
      "SELECT substr(first_seen_at, 9, 2), first_seen_run, substr(last_seen_at, 9, 2), gone_since "
      "IS NULL FROM users";
  merge_all(out_, {two_, one_});
  EXPECT_THAT(query(out_, state), ElementsAre("01|1|02|0"));
  spend(two_, {.day = 3, .listings = {listing(kAnna, on_day(3), {starred(1, 2)})}});
  merge_all(out_, {two_});
  EXPECT_THAT(query(out_, state), ElementsAre("01|1|04|1"));
  merge_all(out_, {one_});
  EXPECT_THAT(query(out_, state), ElementsAre("01|1|04|1"));
  expect_sound(out_);
}

TEST_F(MergeTest, TheViewsCombineTheShardsOfOneRun) {
  const auto night = [](const fs::path& database, const Owner& owner, int day, Shard shard) {
    spend(database, {.day = day,
                     .listings = {listing(owner, on_day(day, 1), {starred(owner.id * 10 + day, 1)}),
                                  bare(owner.login + "-x", on_day(day, 2), Outcome::failed, "why")},
                     .shard = shard});
  };
  night(one_, kAnna, 0, {1, 2});
  night(two_, kBen, 0, {2, 2});
  night(one_, kAnna, 1, {1, 2});
  night(two_, kBen, 1, {2, 2});
  merge_all(out_, {one_});
  merge_all(out_, {two_});  // so that the newest run does not have the highest id
  EXPECT_THAT(query(out_, "SELECT shard, substr(started_at, 9, 2) FROM latest_run ORDER BY 1"),
              ElementsAre("1/2|02", "2/2|02"));
  EXPECT_THAT(query(out_, "SELECT full_name FROM new_repos"),
              ElementsAre("anna/repo-101", "ben/repo-201"));
  EXPECT_THAT(query(out_, "SELECT full_name FROM vanished_repos"),
              ElementsAre("anna/repo-100", "ben/repo-200"));
  EXPECT_THAT(query(out_, "SELECT login FROM failures"), ElementsAre("anna-x", "ben-x"));
  EXPECT_THAT(query(out_, "SELECT count(*) FROM slowest_users"), ElementsAre("4"));
  night(one_, kAnna, 2, {1, 2});  // the other machine does not run
  merge_all(out_, {one_, two_});
  EXPECT_THAT(query(out_, "SELECT shard, substr(started_at, 9, 2) FROM latest_run ORDER BY 1"),
              ElementsAre("1/2|03", "2/2|02"));
  EXPECT_THAT(query(out_, "SELECT full_name FROM new_repos"),
              ElementsAre("anna/repo-102", "ben/repo-201"));
  night(out_, kAnna, 3, {});  // and a run of the whole job has no other shards
  EXPECT_THAT(query(out_, "SELECT shard, substr(started_at, 9, 2) FROM latest_run"),
              ElementsAre("NULL|04"));
}

TEST_F(MergeTest, ARunFromAMergeIsNotResumed) {
  spend(one_, {.status = RunStatus::interrupted});
  merge_all(out_, {one_});
  spend(out_, {.day = 1});
  EXPECT_THAT(query(out_, "SELECT id, status, merged FROM runs"),
              ElementsAre("1|interrupted|1", "2|complete|0"));
  merge_all(out_, {one_});
  EXPECT_THAT(query(out_, "SELECT id, status, merged FROM runs"),
              ElementsAre("1|interrupted|1", "2|complete|0"));
}

TEST_F(MergeTest, RefusesTheSameFileTwice) {
  spend(one_, {});
  spend(two_, {});
  fs::create_symlink(one_, folder_ / "soft.db");
  fs::create_hard_link(one_, folder_ / "hard.db");
  EXPECT_TRUE(tell_apart(out_, Paths{one_, two_}));
  for (const fs::path& same : {one_, folder_ / "soft.db", folder_ / "hard.db"}) {
    const auto into = tell_apart(one_, Paths{two_, same});
    ASSERT_FALSE(into);
    EXPECT_EQ(into.error().kind, FailureKind::usage);
    EXPECT_THAT(into.error().message,
                StartsWith(same.string() + ": is the database to merge into"));
    const auto twice = tell_apart(out_, Paths{one_, same});
    ASSERT_FALSE(twice);
    EXPECT_THAT(twice.error().message, HasSubstr("is the same file as " + one_.string()));
  }
  EXPECT_FALSE(tell_apart(out_, Paths{folder_ / "none.db", folder_ / "." / "none.db"}));
}

TEST_F(MergeTest, RefusesOtherSchemas) {
  spend(one_, {});
  query(one_, "PRAGMA user_version = 2");
  EXPECT_THAT(check_mergeable(one_).error().message, HasSubstr("has schema version 2, older than"));
  query(one_, "PRAGMA user_version = 99");
  EXPECT_THAT(check_mergeable(one_).error().message,
              HasSubstr("has schema version 99, newer than"));
  spend(two_, {});
  query(two_, "ALTER TABLE repos ADD COLUMN mood TEXT");
  auto out = open_database(out_, resources_with_members());
  Merge merge(*out, resources_with_members());
  ASSERT_TRUE(merge.number_runs(Paths{two_}));
  const auto merged = merge.fold(two_);
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().kind, FailureKind::output);
  EXPECT_THAT(merged.error().message, HasSubstr("has the column repos.mood"));
}

// After any failure, OUT has the state before or after the merge of a file.
TEST_F(MergeTest, SurvivesEveryFailureOfTheDisk) {
  spend(one_, {.listings = {listing(kAnna, on_day(0), {starred(1, 1), starred(2, 1)})}});
  spend(two_, {.listings = {listing(kBen, on_day(0, 9), {starred(1, 3)})}});
  merge_all(out_, {one_});
  const auto before = logical(out_);
  const fs::path calm = copy(out_);
  merge_all(calm, {two_});
  const auto after = logical(calm);
  FaultVfs faults;
  for (int number = 1;; number += kSweepStep) {
    const fs::path swept = copy(out_);
    faults.arm(number, Extent::from_then_on);
    {
      auto database = open_database(swept, resources_with_members());
      if (database) {
        Merge merge(*database, resources_with_members());
        if (merge.number_runs(Paths{two_})) {
          const auto merged = merge.fold(two_);
          EXPECT_TRUE(merged || merged.error().kind == FailureKind::disk);
        }
      }
    }
    faults.disarm();
    const auto content = logical(swept);
    EXPECT_TRUE(content == before || content == after) << number;
    expect_sound(swept);
    merge_all(swept, {two_});
    EXPECT_EQ(logical(swept), after) << number;
    if (!faults.struck()) break;
    ASSERT_LT(number, 500);
  }
}

}  // namespace
}  // namespace repopipe
