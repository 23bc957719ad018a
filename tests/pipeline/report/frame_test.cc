#include "pipeline/report/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

// 2026-11-26T03:03:00Z
constexpr WallTime kNow{std::chrono::seconds(1795662180)};

class Frame : public ::testing::Test {
 protected:
  Frame() {
    setenv("TZ", "UTC", 1);
    tzset();
  }
};

Progress night() {
  Progress progress{.job = "nightly-github"};
  progress.totals = {.ok = 6190, .not_found = 15, .blocked = 4, .failed = 3};
  progress.total = 20'000;
  progress.totals.repos_seen = 128'744;
  progress.run.requests = 6400;
  progress.run.retries = 12;
  progress.run.bytes = 52'100'000;
  progress.run.in_flight = 20;
  progress.run.tokens = {
      {.token = "env:TOKEN", .quota_limit = 5000, .remaining = 1204, .resets_at = 1795664460}};
  progress.concurrency = 8;
  progress.rate = 14.9;
  progress.elapsed = 7min + 6s;
  progress.now = kNow;
  progress.deadline = kNow + 8h - 1min;
  return progress;
}

void let_wait(Progress& progress) {
  progress.run.waiting = {.cause = WaitCause::quota,
                          .words = "the quota of token env:TOKEN is used up",
                          .until = {},
                          .continues_at = kNow + 38min};
}

TEST_F(Frame, HasTwoColumnsOn80) {
  EXPECT_THAT(
      frame_of(night(), {}),
      ElementsAre("nightly-github  ██████████▏░░░░░░░░░░░░░░░░░░░░░░   31 %  6,212 of 20,000 users",
                  "  users    6,190 ok, 15 not found, 4 blocked, 3 failed     repos        128,744",
                  "  speed    14.9 requests/s, 8 of 8 in flight, 12 retries   received     52.1 MB",
                  "  quota    1,204 of 5,000 left, resets 03:41               free             0 %",
                  StartsWith("  left     about ")));
}

TEST_F(Frame, NeverTouchesTheLastColumn) {
  Progress longest = night();
  longest.job = "a-very-long-name-of-a-job-that-somebody-has-chosen";
  longest.totals = {.ok = 1'234'567,
                    .unchanged = 1'234'567,
                    .not_found = 1'234'567,
                    .renamed = 1'234'567,
                    .blocked = 1'234'567,
                    .failed = 1'234'567};
  longest.total = 12'345'678;
  for (const bool waits : {false, true}) {
    if (waits) let_wait(longest);
    for (std::size_t columns = 20; columns < 200; ++columns) {
      for (const bool is_utf8 : {false, true}) {
        const auto frame = frame_of(longest, {.columns = columns, .is_utf8 = is_utf8});
        EXPECT_LE(frame.size(), 6U);
        for (const std::string& line : frame) EXPECT_LT(columns_of(line), columns) << line;
      }
    }
  }
}

TEST_F(Frame, IsShortOnANarrowTerminal) {
  EXPECT_THAT(frame_of(night(), {.columns = 65}), SizeIs(5));
  EXPECT_THAT(frame_of(night(), {.columns = 65})[1], EndsWith("3 failed"));
  EXPECT_THAT(frame_of(night(), {.columns = 40}), ElementsAre("nightly-github   31 %  6,212/20,000",
                                                              StartsWith("  3 failed, 15 req/s")));
}

TEST_F(Frame, HasNoOtherCharactersThanAsciiWithoutUtf8) {
  Progress progress = night();
  let_wait(progress);
  for (const std::size_t columns : {40U, 60U, 80U}) {
    for (const std::string& line : frame_of(progress, {.columns = columns, .is_utf8 = false})) {
      for (const char c : line) EXPECT_GE(c, ' ') << line;
    }
  }
}

TEST_F(Frame, SaysWhatIsWaitedForAndUntilWhen) {
  Progress progress = night();
  let_wait(progress);
  EXPECT_EQ(frame_of(progress, {}).back(),
            "  waiting  the quota of token env:TOKEN is used up; continues 03:41, in 38 min");
  EXPECT_THAT(frame_of(progress, {.columns = 60}).back(),
              EndsWith("…; continues 03:41, in 38 min"));
  progress.run.waiting->words = "the proxy said \x1b[2J";
  EXPECT_THAT(frame_of(progress, {}).back(), Not(HasSubstr("\x1b")));
}

TEST_F(Frame, CountsWideCharactersTwice) {
  EXPECT_EQ(columns_of("nightly"), 7U);
  EXPECT_EQ(columns_of("\uD55C\uAE00 \u591C\u9593"), 9U);
  EXPECT_EQ(columns_of("█░▏…"), 4U);
}

TEST_F(Frame, HasColourOnlyIfAsked) {
  EXPECT_THAT(frame_of(night(), {.has_colour = true})[1], HasSubstr("\x1b[31m3 failed\x1b[0m"));
  EXPECT_EQ(columns_of(frame_of(night(), {.has_colour = true})[1]),
            columns_of(frame_of(night(), {})[1]));
}

TEST_F(Frame, OfANightThatBeginsKnowsNoEnd) {
  Progress progress{.job = "j", .total = 10, .now = kNow};
  EXPECT_EQ(time_left(progress), std::nullopt);
  EXPECT_EQ(frame_of(progress, {}).back(),
            "  left     not known yet                                   elapsed          0 s");
  EXPECT_EQ(frame_of(progress, {})[1],
            "  users    none                                            repos              0");
}

TEST_F(Frame, TheTimeLeftFollowsFromTheRate) {
  Progress progress = night();
  progress.run.tokens.clear();
  progress.totals = {.ok = 1000};
  progress.total = 3000;
  progress.run.requests = 2000;
  progress.rate = 10;
  EXPECT_EQ(time_left(progress), 400s);  // 2,000 users of 2 requests
}

TEST_F(Frame, TheTimeLeftCountsTheQuota) {
  Progress progress = night();
  progress.totals = {.ok = 1000};
  progress.total = 3000;
  progress.run.requests = 2000;
  progress.rate = 10;
  progress.run.tokens[0].remaining = 1000;
  progress.run.tokens[0].quota_limit = 5000;
  // 1,000 requests until the reset in 38 min, then 3,000 more.
  EXPECT_EQ(time_left(progress), 38min + 300s);
  progress.run.not_modified = 1500;  // a quarter counts
  EXPECT_EQ(time_left(progress), 400s);
}

TEST_F(Frame, HasALineForWorkers) {
  Progress progress = night();
  progress.workers = WorkerCounts{.ready = 3, .wanted = 4, .lost = 1};
  EXPECT_EQ(frame_of(progress, {})[4], "  workers  3 of 4 ready, 1 replaced");
  progress.workers = WorkerCounts{.ready = 2};
  EXPECT_EQ(frame_of(progress, {})[4], "  workers  2 workers on the queue");
  EXPECT_THAT(frame_of(progress, {}), SizeIs(6));
}

TEST_F(Frame, AQuestionIsAnsweredInOneLine) {
  Progress progress = night();
  EXPECT_THAT(progress_text(progress),
              StartsWith("6,212 of 20,000 users, 3 failed, 14.9 requests/s, about "));
  let_wait(progress);
  EXPECT_EQ(progress_text(progress),
            "6,212 of 20,000 users, 3 failed, waiting: the quota of token env:TOKEN is "
            "used up; continues at 2026-11-26T03:41:00Z, in 38 min");
}

}  // namespace
}  // namespace repopipe
