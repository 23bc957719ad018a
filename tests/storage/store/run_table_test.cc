#include "storage/store/run_table.h"

#include <gmock/gmock.h>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using namespace std::chrono_literals;

class RunTableTest : public StoreTest {
 protected:
  RunStart started(int day, Unfinished unfinished = Unfinished::resume,
                   const char* job = "nightly") {
    const auto start =
        RunTable(*database_, test_resources()).begin({job, "0.2.0", on_day(day)}, unfinished);
    if (!start) ADD_FAILURE() << start.error().message;
    run_id_ = start->run_id;
    return *start;
  }

  void ended(RunStatus status, const RunTimes& times = {}) {
    const RunEnd end{status, ExitCode::try_later, "out of time", times};
    EXPECT_TRUE(RunTable(*database_, test_resources()).finish(run_id_, end, Marks{}, on_day(9)));
  }
};

TEST_F(RunTableTest, BeginsARun) {
  const RunStart start = started(0);
  EXPECT_EQ(start.run_id, 1);
  EXPECT_FALSE(start.resumed);
  EXPECT_EQ(start.settled, 0u);
  EXPECT_THAT(query("SELECT id, job, version, status, started_at, finished_at, exit_code, error, "
                    "resumed FROM runs"),
              ElementsAre("1|nightly|0.2.0|running|2026-11-01T00:00:00.000Z|NULL|NULL|NULL|0"));
}

TEST_F(RunTableTest, ResumesAnUnfinishedRun) {
  for (const RunStatus status : {RunStatus::running, RunStatus::interrupted, RunStatus::deadline,
                                 RunStatus::limited, RunStatus::failed}) {
    start_over();
    started(0);
    ASSERT_TRUE(write({bare("ben", on_day(0), Outcome::failed), listing(kAnna, on_day(0), {})}));
    if (status != RunStatus::running) ended(status);
    const RunStart again = started(1);
    EXPECT_EQ(again.run_id, 1);
    EXPECT_TRUE(again.resumed);
    EXPECT_EQ(again.settled, 2u);
    EXPECT_THAT(query("SELECT id, status, started_at, finished_at, exit_code, error, resumed FROM "
                      "runs"),
                ElementsAre("1|running|2026-11-01T00:00:00.000Z|NULL|NULL|NULL|1"));
  }
}

TEST_F(RunTableTest, NamesTheUsersThatFailed) {
  started(0);
  ASSERT_TRUE(
      write({bare("zoe", on_day(0), Outcome::failed), listing(kAnna, on_day(0), {}),
             bare("ben", on_day(0), Outcome::failed), bare("cem", on_day(0), Outcome::not_found)}));
  const auto failed = RunTable(*database_, test_resources()).failed_users(run_id_, 10);
  ASSERT_TRUE(failed);
  EXPECT_EQ(*failed, (std::vector<FailedUser>{{"ben", ""}, {"zoe", ""}}));
  EXPECT_EQ(RunTable(*database_, test_resources()).failed_users(run_id_, 1)->size(), 1u);
}

TEST_F(RunTableTest, BeginsANewRunAfterAFinishedOne) {
  for (const RunStatus status : {RunStatus::complete, RunStatus::incomplete}) {
    start_over();
    started(0);
    ended(status);
    EXPECT_EQ(started(1).run_id, 2);
  }
}

TEST_F(RunTableTest, DistinguishesJobs) {
  started(0);
  EXPECT_EQ(started(0, Unfinished::resume, "weekly").run_id, 2);
  EXPECT_EQ(started(1).run_id, 1);
  EXPECT_EQ(started(1, Unfinished::resume, "weekly").run_id, 2);
}

TEST_F(RunTableTest, DistinguishesShards) {
  const auto shard = [this](Shard which, Unfinished unfinished = Unfinished::resume) {
    const auto start =
        RunTable(*database_, test_resources())
            .begin({.job = "nightly", .version = "1", .started_at = on_day(0), .shard = which},
                   unfinished);
    return start ? start->run_id : 0;
  };
  EXPECT_EQ(shard({1, 2}), 1);
  EXPECT_EQ(shard({2, 2}), 2);
  EXPECT_EQ(shard({2, 3}), 3);
  EXPECT_EQ(shard({}), 4);
  EXPECT_EQ(shard({1, 2}), 1);
  EXPECT_EQ(shard({2, 2}, Unfinished::abandon), 5);
  EXPECT_EQ(shard({1, 2}), 1);
  EXPECT_EQ(shard({}), 4);
  EXPECT_THAT(query("SELECT id, status, shard, resumed FROM runs"),
              ElementsAre("1|running|1/2|2", "2|interrupted|2/2|0", "3|running|2/3|0",
                          "4|running|NULL|1", "5|running|2/2|0"));
}

TEST_F(RunTableTest, GivesEveryRunAName) {
  started(0);
  started(0, Unfinished::abandon);
  EXPECT_THAT(query("SELECT count(DISTINCT uid), min(length(uid)), sum(uid GLOB '*[^0-9a-f]*') "
                    "FROM runs"),
              ElementsAre("2|32|0"));
}

TEST_F(RunTableTest, AbandonsAnUnfinishedRunPermanently) {
  started(0);
  EXPECT_EQ(started(1, Unfinished::abandon).run_id, 2);
  ended(RunStatus::complete);
  EXPECT_EQ(started(2).run_id, 3);
  EXPECT_THAT(query("SELECT id, status FROM runs"),
              ElementsAre("1|interrupted", "2|complete", "3|running"));
}

TEST_F(RunTableTest, CountsFromTheTables) {
  begin(0);
  ASSERT_TRUE(write(
      {listing(kAnna, on_day(0), {{1, "a"}, {2, "b"}}), listing(kBen, on_day(0), {{3, "c"}})}));
  finish();
  begin(1);
  Listing anna = listing(kAnna, on_day(1), {{1, "a"}, {4, "d"}});
  anna.request_logs = {request_log(1, 100), request_log(1, 20)};
  anna.request_logs[1].status = 304;
  Listing left = bare("left", on_day(1), Outcome::abandoned);
  left.request_logs = {request_log(1, 3)};
  ASSERT_TRUE(
      write({anna, listing(kBen, on_day(1), {{3, "new"}}), left,
             bare("u", on_day(1), Outcome::unchanged), bare("n", on_day(1), Outcome::not_found),
             bare("r", on_day(1), Outcome::renamed), bare("k", on_day(1), Outcome::blocked),
             bare("f", on_day(1), Outcome::failed), bare("g", on_day(1), Outcome::failed)}));
  const auto totals = RunTable(*database_, test_resources()).totals(run_id_);
  ASSERT_TRUE(totals) << totals.error().message;
  EXPECT_EQ(totals->users(), 8u);
  finish();
  EXPECT_THAT(query("SELECT users_ok, users_unchanged, users_not_found, users_renamed, "
                    "users_blocked, users_failed, repos_seen, repos_new, repos_changed, "
                    "repos_gone, requests, bytes, requests_unchanged FROM runs"),
              ElementsAre("2|0|0|0|0|0|3|3|0|0|0|0|0", "2|1|1|1|1|2|3|1|1|1|3|123|1"));
}

TEST_F(RunTableTest, ReportsWhetherTheJobHasChangedSinceTheEarlierPart) {
  const auto changed = [this](const char* digest) {
    const auto start = RunTable(*database_, test_resources())
                           .begin({"nightly", "1", on_day(0), digest}, Unfinished::resume);
    run_id_ = start->run_id;
    return start->job_changed;
  };
  EXPECT_FALSE(changed("one"));
  EXPECT_FALSE(changed("one"));
  EXPECT_TRUE(changed("two"));
  EXPECT_FALSE(changed("two"));
  EXPECT_THAT(query("SELECT id, job_digest FROM runs"), ElementsAre("1|two"));
  ended(RunStatus::complete);
  EXPECT_FALSE(changed("three"));
  EXPECT_THAT(query("SELECT id, job_digest FROM runs"), ElementsAre("1|two", "2|three"));
}

TEST_F(RunTableTest, ReportsNoChangeSinceAPartWithoutADigest) {
  started(0);
  const auto start = RunTable(*database_, test_resources())
                         .begin({"nightly", "1", on_day(0), "one"}, Unfinished::resume);
  EXPECT_TRUE(start->resumed);
  EXPECT_FALSE(start->job_changed);
}

TEST_F(RunTableTest, AddsUpTheTimesOfARunInParts) {
  const RunTimes times{1ms, 2ms, 4ms, 8ms, 16ms, 32ms, 64ms, 128ms, 256us};
  started(0);
  ended(RunStatus::deadline, times);
  started(1);
  ended(RunStatus::complete, times);
  EXPECT_THAT(query("SELECT status, finished_at, exit_code, error, resumed, wall_ms, starting_ms, "
                    "fetching_ms, processing_ms, waiting_ms, finishing_ms, fetch_busy_ms, "
                    "parse_busy_ms, store_busy_ms, plan_busy_ms FROM runs"),
              ElementsAre("complete|2026-11-10T00:00:00.000Z|75|out of time|1|62.0|2.0|4.0|8.0|"
                          "16.0|32.0|64.0|128.0|256.0|0.512"));
}

TEST_F(RunTableTest, KeepsEveryPartOfARun) {
  started(0);
  ended(RunStatus::deadline);
  started(1);  // and is killed
  started(2);
  ended(RunStatus::complete);
  started(3);
  EXPECT_THAT(query("SELECT run_id, part, substr(started_at, 9, 2), finished_at IS NULL, status, "
                    "exit_code, error FROM run_parts"),
              ElementsAre("1|1|01|0|deadline|75|out of time", "1|2|02|1|interrupted|NULL|NULL",
                          "1|3|03|0|complete|75|out of time", "2|1|04|1|running|NULL|NULL"));
}

TEST_F(RunTableTest, ResumesOnlyARunThatBeganWithinTheLimit) {
  struct Case {
    std::chrono::hours within;
    bool resumes;
  };
  for (const Case& each : {Case{24h, true}, Case{25h, true}, Case{23h, false}, Case{0h, false}}) {
    start_over();
    started(0);
    const auto start = RunTable(*database_, test_resources())
                           .begin({.job = "nightly",
                                   .version = "1",
                                   .started_at = on_day(1),
                                   .resume_within = each.within},
                                  Unfinished::resume);
    ASSERT_TRUE(start) << start.error().message;
    EXPECT_EQ(start->resumed, each.resumes);
    EXPECT_EQ(start->after, each.resumes ? std::nullopt : std::optional<std::int64_t>(1));
    EXPECT_THAT(query("SELECT status FROM runs WHERE id = 1"),
                ElementsAre(each.resumes ? "running" : "interrupted"));
  }
}

TEST_F(RunTableTest, BelongsToOneApi) {
  const auto begun = [this](Api api, bool accepts_host = false) {
    return RunTable(*database_, test_resources())
        .begin({.job = "nightly",
                .version = "1",
                .started_at = on_day(0),
                .api = std::move(api),
                .accepts_host = accepts_host},
               Unfinished::abandon);
  };
  ASSERT_TRUE(begun({"github", "one.example"}));
  ASSERT_TRUE(begun({"github", "one.example"}));
  const auto before = query("SELECT id, status FROM runs");
  for (const Api& other : {Api{"github", "two.example"}, Api{"gitlab", "one.example"}}) {
    const auto refused = begun(other);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, FailureKind::job);
  }
  EXPECT_FALSE(begun({"gitlab", "two.example"}, true));
  EXPECT_EQ(query("SELECT id, status FROM runs"), before);
  EXPECT_TRUE(begun({"github", "two.example"}, true));
  EXPECT_TRUE(begun({"github", "two.example"}));
  EXPECT_FALSE(begun({"github", "one.example"}));
}

TEST_F(RunTableTest, CountsKnownUsersThatAreBlockedForTheFirstTime) {
  begin(0);
  ASSERT_TRUE(write({listing(kAnna, on_day(0), {{1, "a"}}), listing(kBen, on_day(0), {{2, "b"}})}));
  finish();
  const auto blocked = [this](int day) {
    begin(day);
    EXPECT_TRUE(write({bare("anna", on_day(day), Outcome::blocked, "HTTP 451"),
                       bare("new", on_day(day), Outcome::blocked, "HTTP 451"),
                       listing(kBen, on_day(day), {{2, "b"}})}));
    const auto totals = RunTable(*database_, test_resources()).totals(run_id_);
    return totals ? totals->blocked_new : 99;
  };
  EXPECT_EQ(blocked(1), 1u);
  finish(RunStatus::deadline);
  EXPECT_EQ(blocked(2), 1u);
  finish(RunStatus::incomplete);
  EXPECT_EQ(blocked(3), 0u);
}

TEST_F(RunTableTest, TotalsOfARunWithoutUsersAreZero) {
  begin(0);
  const auto totals = RunTable(*database_, test_resources()).totals(run_id_);
  ASSERT_TRUE(totals);
  EXPECT_EQ(totals->users() + totals->repos_seen + totals->requests + totals->bytes, 0u);
}

}  // namespace
}  // namespace repopipe
