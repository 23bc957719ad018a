#include "pipeline/report/status.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <ctime>
#include <sstream>

#include "pipeline/base/text.h"
#include "pipeline/report/figures.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

struct StatusText : ::testing::Test {
  StatusText() { use_zone("UTC"); }
  ~StatusText() override { use_zone("UTC"); }

  static void use_zone(const char* name) {
    ::setenv("TZ", name, 1);
    ::tzset();
  }

  static RunRecord record(std::int64_t id, const std::string& run_status) {
    RunRecord run;
    run.run_id = id;
    run.job = "nightly";
    run.status = run_status;
    run.exit_code = 0;
    run.started_at = "2026-11-25T02:02:00.000Z";
    run.finished_at = "2026-11-25T02:02:21.000Z";
    run.wall_ms = 21'000;
    run.totals = {.ok = 1285, .unchanged = 706, .not_found = 3, .blocked = 2, .failed = 4};
    run.totals.repos_new = 216;
    run.totals.repos_gone = 201;
    run.totals.requests = 2591;
    run.totals.not_modified = 719;
    return run;
  }

  static DatabaseStatus status() {
    DatabaseStatus status{.database = "/srv/repos.db", .exists = true, .job = "nightly"};
    status.bytes = 41'900'000;
    status.repositories = 41'115;
    status.users = 1'991;
    status.runs = {record(30, "complete")};
    return status;
  }

  const WallTime now_ = *parse_iso8601("2026-11-27T02:30:00.000Z");
};

TEST_F(StatusText, HasALineForEachRun) {
  EXPECT_EQ(to_text(std::vector{status()}, now_),
            "nightly  /srv/repos.db\n"
            "  holds    41,115 repositories of 1,991 users, 41.9 MB\n"
            "  now      nothing runs, nothing is unfinished\n"
            "  last     run 30, complete, 25 November 2026 02:02 UTC, 2 days ago\n"
            "\n"
            " run  night         status    time  users  not listed  new  gone  requests  free\n"
            "  30  25 Nov 02:02  complete  21 s  2,000           9  216   201     2,591  28 %\n");
}

TEST_F(StatusText, IsInLocalTimeAndJsonInUtc) {
  use_zone("XYZ-1");
  const std::string text = to_text(std::vector{status()}, now_);
  EXPECT_THAT(text, HasSubstr("25 November 2026 03:02 XYZ"));
  EXPECT_THAT(text, HasSubstr("25 Nov 03:02"));
  EXPECT_THAT(to_json(std::vector{status()}), HasSubstr("2026-11-25T02:02:00.000Z"));
}

TEST_F(StatusText, NamesTheCauseBelowARun) {
  DatabaseStatus failed = status();
  failed.runs[0].status = "failed";
  failed.runs[0].error = "no\x1b[2J host";
  EXPECT_THAT(to_text(std::vector{failed}, now_), HasSubstr("\n       no\\x1b[2J host\n"));
}

TEST_F(StatusText, NamesARunningAndAnUnfinishedRun) {
  DatabaseStatus running = status();
  running.holder = "process 7";
  running.usual = 2000;
  running.running = UnsettledRun{.run = record(31, "running"), .settled = 621, .failed = 3};
  EXPECT_THAT(
      to_text(std::vector{running}, now_),
      HasSubstr("now      run 31 runs since 25 Nov 02:02, for 2 days: 621 of about 2,000 users,\n"
                "           3 failed\n"));
  running.running.reset();
  EXPECT_THAT(to_text(std::vector{running}, now_), HasSubstr("process 7 uses it"));
  running.unfinished = {{.run = record(31, "running"), .settled = 1, .failed = 0}};
  EXPECT_THAT(to_text(std::vector{running}, now_), HasSubstr("run 31, killed, begun 25 Nov"));
}

TEST_F(StatusText, HasAtMost80ColumnsWhateverTheSize) {
  DatabaseStatus large = status();
  RunRecord& run = large.runs[0];
  run.run_id = 12'345;
  run.status = "interrupted";
  run.wall_ms = 3'599'000;
  run.totals.ok = 1'234'567;
  run.totals.requests = run.totals.repos_new = 12'345'678;
  run.error = std::string(200, 'x') + " " + std::string(60, 'y') + " " + std::string(60, 'z');
  for (const char* name : {"interrupted", "incomplete"}) {
    run.status = name;
    run.error =
        "one two three four five six seven eight nine ten one two three four five six seven";
    std::istringstream lines(to_text(std::vector{large}, now_));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(count_characters(line), 80U) << line;
    }
  }
}

TEST_F(StatusText, ComplainsAboutAge) {
  EXPECT_EQ(complaint_about_age(status(), 26h, now_), "nightly: there is no complete run");
  DatabaseStatus old = status();
  old.last_complete = "2026-11-25T02:02:21.000Z";
  EXPECT_EQ(complaint_about_age(old, 3 * 24h, now_), "");
  EXPECT_EQ(complaint_about_age(old, 26h, now_),
            "nightly: the last complete run ended 25 Nov 02:02, 2 days ago; --max-age allows 26 h");
}

TEST(Figures, AreShort) {
  EXPECT_EQ(show_brief(498), "498 ms");
  EXPECT_EQ(show_brief(9'100), "9.1 s");
  EXPECT_EQ(show_brief(21'400), "21 s");
  EXPECT_EQ(show_brief(194'000), "3 min 14 s");
  EXPECT_EQ(show_brief(7'500'000), "2 h 5 min");
  EXPECT_EQ(show_short(2'591), "2.6k");
  EXPECT_EQ(show_short(41'115), "41k");
  EXPECT_EQ(show_short(1'234'567), "1.2M");
  EXPECT_EQ(show_share(719, 2'591), "28 %");
  EXPECT_EQ(show_share(1, 2'591), "< 1 %");
  EXPECT_EQ(show_share(2'590, 2'591), "> 99 %");
  EXPECT_EQ(show_share(0, 0), "-");
  EXPECT_FALSE(parse_iso8601("2026-13-01T00:00:00.000Z"));
  EXPECT_FALSE(parse_iso8601(""));
}

}  // namespace
}  // namespace repopipe
