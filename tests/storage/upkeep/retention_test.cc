#include "storage/upkeep/retention.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds days(int count) {
  return std::chrono::days(count);
}

class RetentionTest : public StoreTest {
 protected:
  // Three users, the second of which had not changed; each took one request.
  std::vector<Listing> listings(int day) {
    std::vector<Listing> all{listing(kAnna, on_day(day), {}),
                             bare("ben", on_day(day), Outcome::unchanged),
                             bare("cem", on_day(day), Outcome::not_found)};
    for (Listing& each : all) {
      each.request_logs = {request_log(1, 10)};
      each.request_logs.front().timing.started_at = on_day(day);
    }
    return all;
  }
  void nights(int first, int last) {
    for (int day = first; day <= last; ++day) run(day, listings(day));
  }
  void killed(int day) {
    begin(day);
    ASSERT_TRUE(write(listings(day)));
  }
  RemovedRows removed(int day, const Retention& retention, const RowRemoval::Hooks& hooks = {}) {
    RowRemoval removal(*database_, retention, on_day(day));
    const auto counted = removal.count();
    EXPECT_TRUE(counted);
    const auto rows = removal.run(hooks);
    EXPECT_TRUE(rows) << rows.error().message;
    if (!hooks.stops) {
      EXPECT_EQ(counted->requests, rows->requests);
      EXPECT_EQ(counted->users, rows->users);
    }
    return rows.value_or(RemovedRows{});
  }
  std::vector<std::string> runs_with_requests() {
    return query("SELECT DISTINCT run_id FROM requests ORDER BY 1");
  }
  std::vector<std::string> rows_of_run(int run_id) {
    return query(fmt::format("SELECT login FROM run_users WHERE run_id = {}", run_id));
  }
};

TEST_F(RetentionTest, RemovesOldRequestsAndUnchangedUsersAndKeepsTheTotals) {
  nights(0, 6);
  const auto totals = query("SELECT * FROM run_requests");
  const auto runs = query("SELECT * FROM runs");
  EXPECT_EQ(removed(6, {days(3), kForever}),
            (RemovedRows{.requests = 9, .users = 3, .is_first = true}));
  EXPECT_THAT(runs_with_requests(), ElementsAre("4", "5", "6", "7"));
  EXPECT_THAT(rows_of_run(3), ElementsAre("anna", "cem"));
  EXPECT_THAT(rows_of_run(4), ElementsAre("anna", "ben", "cem"));
  EXPECT_EQ(query("SELECT * FROM run_requests"), totals);
  EXPECT_EQ(query("SELECT * FROM runs"), runs);
  EXPECT_EQ(removed(6, {days(3), kForever}), RemovedRows{});
  EXPECT_EQ(removed(7, {days(3), kForever}), (RemovedRows{.requests = 3, .users = 1}));
}

TEST_F(RetentionTest, RemovesAllUsersOfOlderRuns) {
  nights(0, 6);
  EXPECT_EQ(removed(6, {days(2), days(4)}),
            (RemovedRows{.requests = 12, .users = 8, .is_first = true}));
  EXPECT_THAT(rows_of_run(2), IsEmpty());
  EXPECT_THAT(rows_of_run(3), ElementsAre("anna", "cem"));
  EXPECT_EQ(query("SELECT count(*) FROM runs"), std::vector<std::string>{"7"});
}

// If users are kept for a shorter time than requests, that is so for the unchanged ones too.
TEST_F(RetentionTest, RemovesUsersBeforeRequestsIfTheKeysSayThat) {
  nights(0, 6);
  EXPECT_EQ(removed(6, {kForever, days(4)}), (RemovedRows{.users = 6, .is_first = true}));
  EXPECT_EQ(runs_with_requests().size(), 7U);
}

TEST_F(RetentionTest, RemovesNothingThatIsKeptForever) {
  nights(0, 6);
  EXPECT_EQ(removed(10'000, {kForever, kForever}), RemovedRows{.is_first = true});
}

TEST_F(RetentionTest, KeepsTheTwoNewestRunsAndTheLastFinishedOne) {
  nights(0, 2);
  killed(3);
  killed(4);
  killed(5);
  removed(500, {days(1), days(1)});
  EXPECT_THAT(runs_with_requests(), ElementsAre("3", "5", "6"));
  for (const int run_id : {3, 5, 6}) EXPECT_EQ(rows_of_run(run_id).size(), 3U) << run_id;
  // Resumes it with what it had.
  const auto start = RunTable(*database_, test_resources())
                         .begin({"nightly", "0.2.0", on_day(501)}, Unfinished::resume);
  ASSERT_TRUE(start);
  EXPECT_EQ(start->run_id, 6);
  EXPECT_EQ(start->settled, 3u);
  EXPECT_EQ(start->after, 5);
}

TEST_F(RetentionTest, OfEachShard) {
  for (const std::uint32_t number : {1u, 2u, 1u, 2u, 1u, 2u}) {
    const auto start =
        RunTable(*database_, test_resources())
            .begin(
                {.job = "nightly", .version = "1", .started_at = on_day(0), .shard = {number, 2}},
                Unfinished::abandon);
    ASSERT_TRUE(start);
    run_id_ = start->run_id;
    ASSERT_TRUE(write(listings(0)));
    finish();
  }
  removed(100, {days(1), days(1)});
  EXPECT_THAT(runs_with_requests(), ElementsAre("3", "4", "5", "6"));
}

TEST_F(RetentionTest, LeavesTheRunsOfOtherJobsAlone) {
  nights(0, 6);
  EXPECT_EQ(removed(100, {days(1), days(1), "weekly"}), RemovedRows{.is_first = true});
  EXPECT_EQ(removed(100, {days(1), days(1), "nightly"}).requests, 15U);
}

TEST_F(RetentionTest, CountsTheRequestsOfARunThatNeverEnded) {
  killed(0);
  nights(1, 3);
  ASSERT_THAT(query("SELECT count(*) FROM run_requests WHERE run_id = 1"), ElementsAre("0"));
  removed(100, {days(1), days(400)});
  EXPECT_THAT(query("SELECT status, outcome, count, bytes FROM run_requests WHERE run_id = 1"),
              ElementsAre("0|ok|3|30"));
  EXPECT_THAT(query("SELECT requests, bytes, requests_unchanged FROM runs WHERE id = 1"),
              ElementsAre("3|30|0"));
  EXPECT_THAT(runs_with_requests(), ElementsAre("3", "4"));
}

TEST_F(RetentionTest, ContinuesWhereItWasStopped) {
  nights(0, 9);
  int asked = 0;
  const RowRemoval::Hooks hooks{.stops = [&asked] { return ++asked > 4; }};
  const RemovedRows first = removed(100, {days(1), days(1)}, hooks);
  EXPECT_FALSE(first.is_all);
  EXPECT_GT(first.users, 0U);
  RemovedRows sum = first;
  for (int i = 0; i < 100 && !sum.is_all; ++i) {
    asked = 0;
    const RemovedRows more = removed(100, {days(1), days(1)}, hooks);
    sum = {sum.requests + more.requests, sum.users + more.users, false, more.is_all};
  }
  EXPECT_EQ(sum, (RemovedRows{.requests = 24, .users = 24}));
}

TEST_F(RetentionTest, EndsWhenTheFileIsNotTheOneThatWasOpened) {
  nights(0, 4);
  RowRemoval removal(*database_, {days(1), days(1)}, on_day(100));
  const auto rows = removal.run({.check = [] { return fail(FailureKind::displaced, "gone"); }});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, FailureKind::displaced);
  EXPECT_EQ(runs_with_requests().size(), 5U);
}

TEST_F(RetentionTest, LeavesTheViewsOfTheLatestRunAsTheyAre) {
  nights(0, 5);
  killed(6);
  std::vector<std::string> before;
  const auto answers = [this] {
    std::vector<std::string> all;
    for (const char* view : {"current_runs", "finished_runs", "latest_run", "slowest_users",
                             "failures", "time_by_stage", "new_repos", "vanished_repos"}) {
      for (const std::string& row : query("SELECT * FROM " + std::string(view))) all.push_back(row);
    }
    return all;
  };
  before = answers();
  EXPECT_GT(removed(1000, {days(1), days(1)}).users, 0U);
  EXPECT_EQ(answers(), before);
}

// A world that does not change.
TEST_F(RetentionTest, TheFileDoesNotGrowOnceTheFirstRowsAreRemoved) {
  constexpr int kKept = 30;
  const auto users = [](int day) {
    std::vector<Listing> all;
    for (int i = 0; i < 300; ++i) {
      Listing& each =
          all.emplace_back(bare(fmt::format("user-{}", i), on_day(day), Outcome::unchanged));
      each.request_logs = {request_log(1, 500)};
    }
    return all;
  };
  const auto pages = [this] { return std::stoi(query("PRAGMA page_count").front()); };
  int grown = 0;
  for (int day = 0; day < 120; ++day) {
    begin(day);
    ASSERT_TRUE(write(users(day)));
    finish();
    RowRemoval removal(*database_, {days(kKept), days(400)}, on_day(day));
    ASSERT_TRUE(removal.run({}));
    ASSERT_TRUE(removal.give_back_pages(0.25, {}));
    if (day == kKept + 3) grown = pages();
  }
  // The rows of `runs` and of its totals are all that is left of a night.
  EXPECT_LE(pages(), grown + grown / 25);
  EXPECT_EQ(query("SELECT count(*) FROM runs"), std::vector<std::string>{"120"});
  EXPECT_EQ(query("SELECT count(*) <= 300 * 32 FROM requests"), std::vector<std::string>{"1"});
}

// Each night the stars of some repositories change.
TEST_F(RetentionTest, TheFileGrowsByWhatChanges) {
  constexpr int kUsers = 40, kChanging = 10, kKept = 20;
  const auto number = [this](const std::string& sql) { return std::stol(query(sql).front()); };
  const auto bytes = [&](const char* which) {
    return number(std::string("SELECT sum(payload) FROM dbstat WHERE name ") + which +
                  " IN ('repo_stats', 'runs', 'runs_by_uid', 'run_parts', 'run_requests')");
  };
  const auto night = [&](int day) {
    begin(day);
    for (int i = 0; i < kUsers; ++i) {
      const Owner owner{100 + i, fmt::format("user-{}", i)};
      const bool changes = day == 0 || (i + day) % kUsers < kChanging;
      Listing each = changes ? listing(owner, on_day(day), {starred(1000 + i, day)})
                             : bare(owner.login, on_day(day), Outcome::unchanged);
      each.request_logs = {request_log(1, 500)};
      ASSERT_TRUE(write({each}));
    }
    finish();
    ASSERT_TRUE(RowRemoval(*database_, {days(kKept), days(kKept)}, on_day(day)).run({}));
  };
  for (int day = 0; day <= kKept + 5; ++day) night(day);
  const long history = bytes(""), others = bytes("NOT");
  const long intervals = number("SELECT count(*) FROM repo_stats");
  for (int day = kKept + 6; day <= kKept + 35; ++day) night(day);
  EXPECT_EQ(number("SELECT count(*) FROM repo_stats"), intervals + 30 * kChanging);
  EXPECT_GT(bytes(""), history);
  EXPECT_NEAR(static_cast<double>(bytes("NOT")), static_cast<double>(others),
              0.03 * static_cast<double>(others));
}

// What is removed does not take history with it.
TEST_F(RetentionTest, KeepsEveryChange) {
  for (int day = 0; day < 30; ++day) run(day, {listing(kAnna, on_day(day), {starred(1, day)})});
  removed(1000, {days(1), days(1)});
  EXPECT_EQ(query("SELECT stargazers_count FROM repo_stats").size(), 30U);
}

TEST_F(RetentionTest, GivesFreePagesBack) {
  nights(0, 400);
  const auto number = [this](const char* pragma) { return std::stoi(query(pragma).front()); };
  const int before = number("PRAGMA page_count");
  RowRemoval removal(*database_, {days(1), days(1)}, on_day(1000));
  ASSERT_TRUE(removal.run({}));
  const int free = number("PRAGMA freelist_count");
  ASSERT_GT(free, before / 5);
  ASSERT_TRUE(removal.give_back_pages(0.99, {}));
  EXPECT_EQ(number("PRAGMA freelist_count"), free);
  ASSERT_TRUE(removal.give_back_pages(0.2, {}));
  EXPECT_EQ(number("PRAGMA freelist_count"), 0);
  EXPECT_EQ(number("PRAGMA page_count"), before - free);
}

}  // namespace
}  // namespace repopipe
