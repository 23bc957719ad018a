#include "pipeline/report/page/night_words.h"

#include <gmock/gmock.h>

#include "pipeline/report/figures.h"
#include "tests/pipeline/report/page/made_up_night.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

NightVerdict verdict(const NightReport& report) {
  return verdict_of(report, usual_of(report));
}

WallTime noon() {
  return *parse_iso8601("2026-11-12T12:00:00.000Z");
}

TEST(NightWords, UsualIsTheMedianOfTheNightsBefore) {
  EXPECT_EQ(median({}), 0);
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 2, 3}), 2.5);
  NightReport report = made_up_night();
  report.before[0].wall_ms = 1'000'000;  // one slow night changes nothing
  const Usual usual = usual_of(report);
  EXPECT_EQ(usual.nights, 10U);
  EXPECT_EQ(usual.wall_ms, 10'000);
  EXPECT_EQ(usual.failures, 4);
  EXPECT_DOUBLE_EQ(usual.free_share, 0.28);
  EXPECT_DOUBLE_EQ(usual.latency_shares[0], 0.9);
}

TEST(NightWords, AnOrdinaryNightIsGreen) {
  const NightVerdict good = verdict(made_up_night());
  EXPECT_EQ(good.mood, Mood::good);
  EXPECT_EQ(good.text,
            "1,992 of 2,000 users are up to date. The night took 10 s, as usual (10 s).");
}

TEST(NightWords, ASlowNightIsAmberFromAMinuteOn) {
  NightReport report = made_up_night();
  report.night.wall_ms = 59'000;
  EXPECT_EQ(verdict(report).mood, Mood::good);
  report.night.wall_ms = 61'000;
  EXPECT_EQ(verdict(report).mood, Mood::look);
  EXPECT_THAT(verdict(report).text, HasSubstr("1 min 1 s, 6.1 times as long as usual (10 s)"));
  for (RunRecord& run : report.before) run.wall_ms = 30'000;
  EXPECT_EQ(verdict(report).mood, Mood::good) << "only twice as long";
}

TEST(NightWords, ManyNewFailuresAreAmber) {
  NightReport report = made_up_night();
  report.night.totals.failed = 12;
  EXPECT_EQ(verdict(report).mood, Mood::good);
  report.night.totals.failed = 20;
  EXPECT_EQ(verdict(report).mood, Mood::look);
  EXPECT_THAT(verdict(report).text, HasSubstr("21 users failed or are blocked, usually 4."));
}

TEST(NightWords, AFirstNightIsComparedWithNothing) {
  NightReport report = made_up_night(1);
  report.night.wall_ms = 1e7;
  report.night.totals.failed = 900;
  EXPECT_EQ(verdict(report).mood, Mood::good);
  EXPECT_EQ(time_words(report, usual_of(report)).head,
            "There are no earlier nights to compare with.");
}

TEST(NightWords, ANightThatDidNotFinishOrIsIncompleteIsRed) {
  NightReport report = made_up_night();
  report.night.status = "incomplete";
  report.night.exit_code = 65;
  report.night.error = "20 users failed";
  EXPECT_EQ(verdict(report).mood, Mood::bad);
  EXPECT_THAT(verdict(report).text, HasSubstr("20 users failed."));
  report.night.status = "failed";
  report.night.exit_code = 69;
  report.settled = 7;
  report.finished = made_up_run(11);
  EXPECT_EQ(verdict(report).head, "This night did not finish.");
  EXPECT_EQ(verdict(report).text,
            "It failed after 10 s, with 7 of about 2,000 users done. The other data is that of 11 "
            "November.");
  EXPECT_THAT(advice_of(report, noon())[0].head, HasSubstr("Check the network"));
  report.night.status = "running";
  report.night.exit_code.reset();
  EXPECT_EQ(verdict(report).mood, Mood::bad);
  EXPECT_EQ(advice_of(report, noon())[0].head, "Run it again.");
  report.is_running = true;
  EXPECT_EQ(verdict(report).mood, Mood::look);
  EXPECT_THAT(verdict(report).text, HasSubstr("It runs since "));
  EXPECT_THAT(advice_of(report, noon()), IsEmpty());
}

TEST(NightWords, NamesTheLargestDifference) {
  NightReport report = made_up_night();
  EXPECT_EQ(time_words(report, usual_of(report)).head, "The time went where it usually goes.");
  report.night.parts_ms[3] += 60'000;
  const TimeWords words = time_words(report, usual_of(report));
  EXPECT_EQ(words.head, "1 min 0 s more than usual went to waiting");
  EXPECT_THAT(words.text, HasSubstr("Half of the responses came within 100 ms (usually within 50 "
                                    "ms), 99 of 100 within 200 ms."));
}

TEST(NightWords, ThereMayBeNothingToDo) {
  EXPECT_THAT(advice_of(made_up_night(), noon()), IsEmpty());
}

TEST(NightWords, NamesWhatToDo) {
  NightReport report = made_up_night();
  report.waits = {{"quota", 2'600, 1}, {"retry", 2'400, 9}};
  report.renamed_count = 8;
  report.renamed = {{"old", "new"}};
  report.not_found = {2, {"gone", "lost"}};
  report.gone_since = "2026-11-01T03:02:00.000Z";
  report.failing = {1, {"broken"}};
  report.failing_since = "2026-11-02T03:02:00.000Z";
  report.tokens = {{"env:FAR", "2027-01-01T00:00:00.000Z"},
                   {"env:NEAR", "2026-12-01T00:00:00.000Z"}};
  const auto all = advice_of(report, noon());
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0].head,
            "Shorten the waits: 26 % of the night (2.6 s) went to the quota of the token.");
  EXPECT_EQ(all[1].head, "Write 8 new logins into the job.");
  EXPECT_THAT(all[1].names, ElementsAre("old \u2192 new"));
  EXPECT_EQ(all[1].more, 7U);
  EXPECT_EQ(all[2].head, "Take 2 logins out of the job.");
  EXPECT_EQ(all[2].before, "No account has them since 1 November: ");
  EXPECT_EQ(all[3].head, "Look at 1 user that cannot be listed night after night.");
  EXPECT_EQ(all[4].before, "It expires on 1 December 2026, in 19 days: ");
  EXPECT_THAT(all[4].names, ElementsAre("env:NEAR"));
}

TEST(NightWords, ATokenThatExpiresWithinAWeekComesFirst) {
  NightReport report = made_up_night();
  report.failing = {1, {"broken"}};
  report.tokens = {{"env:T", "2026-11-13T00:00:00.000Z"}};
  EXPECT_EQ(advice_of(report, noon())[0].head, "Renew a token.");
}

}  // namespace
}  // namespace repopipe
