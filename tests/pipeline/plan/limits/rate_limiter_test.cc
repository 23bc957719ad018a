#include "pipeline/plan/limits/rate_limiter.h"

#include <gtest/gtest.h>

#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using testing::at;

// A request with an immediate response.
void answered(RateLimiter& pace, Duration moment, Duration response = 0s) {
  pace.sent();
  pace.answered(response, at(moment));
}

TEST(RateLimiter, DelaysNoRequestWithoutLimits) {
  RateLimiter pace({});
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(pace.free_at(at(1s)), at(1s));
    answered(pace, 1s, 1h);
  }
}

TEST(RateLimiter, KeepsRequestsOfAnyMinuteBelowTheLimit) {
  RateLimiter pace({.requests_per_minute = 3});
  for (const Duration moment : {0s, 10s, 20s}) {
    EXPECT_EQ(pace.free_at(at(moment)), at(moment));
    answered(pace, moment);
  }
  EXPECT_EQ(pace.free_at(at(21s)), at(60s));
  EXPECT_EQ(pace.free_at(at(60s)), at(60s));
  answered(pace, 60s);
  EXPECT_EQ(pace.free_at(at(61s)), at(70s));
}

TEST(RateLimiter, CountsARequestUntilAMinuteAfterItsAnswer) {
  RateLimiter pace({.requests_per_minute = 2});
  pace.sent();
  pace.sent();
  EXPECT_EQ(pace.free_at(at(1h)), Time::max());
  pace.answered(0s, at(1h));
  EXPECT_EQ(pace.free_at(at(1h)), at(1h + 1min));
  pace.never_sent();
  EXPECT_EQ(pace.free_at(at(1h)), at(1h));
}

TEST(RateLimiter, AllowsAShareOfTheLimits) {
  RateLimiter pace({.requests_per_minute = 4, .response_per_minute = 40s});
  answered(pace, 0s);
  EXPECT_EQ(pace.free_at(at(1s), 0.5), at(1s));
  answered(pace, 1s);
  EXPECT_EQ(pace.free_at(at(1s), 0.5), at(60s));
  EXPECT_EQ(pace.free_at(at(1s), 1), at(1s));
  EXPECT_EQ(pace.free_at(at(1s), 0.01), at(61s));  // one at a time always goes
}

TEST(RateLimiter, WaitsUntilEnoughResponseTimeIsAMinuteOld) {
  RateLimiter pace({.response_per_minute = 90s});
  answered(pace, 1s, 30s);
  answered(pace, 2s, 30s);
  EXPECT_EQ(pace.free_at(at(3s)), at(3s));
  answered(pace, 4s, 30s);
  EXPECT_EQ(pace.free_at(at(5s)), at(61s));
}

TEST(RateLimiter, ReckonsWithTheResponseTimeOfWhatIsUnderWay) {
  RateLimiter pace({.response_per_minute = 90s});
  for (int i = 1; i <= 8; ++i) answered(pace, 1s * i, 10s);
  EXPECT_EQ(pace.free_at(at(9s)), at(9s));
  pace.sent();  // it will take about as long as the others
  EXPECT_EQ(pace.free_at(at(9s)), at(61s));
}

TEST(RateLimiter, NeverStandsStillForOneSlowResponse) {
  RateLimiter pace({.response_per_minute = 90s});
  answered(pace, 0s, 200s);
  EXPECT_EQ(pace.free_at(at(1s)), at(60s));
  EXPECT_EQ(pace.free_at(at(60s)), at(60s));
}

TEST(RateLimiter, HasAWindowOfAdjustableLength) {
  RateLimiter pace({.requests_per_minute = 1, .minute = 200ms});
  answered(pace, 0s);
  EXPECT_EQ(pace.free_at(at(1ms)), at(200ms));
}

TEST(RateLimiter, CountsTheRequestsOfAnEarlierRunUntilTheirMinuteIsOver) {
  RateLimiter pace({.requests_per_minute = 3});
  pace.remember(at(-50s), 0s);
  pace.remember(at(-20s), 0s);
  EXPECT_EQ(pace.free_at(at(0s)), at(0s));
  answered(pace, 0s);
  EXPECT_EQ(pace.free_at(at(1s)), at(10s));
  answered(pace, 10s);
  EXPECT_EQ(pace.free_at(at(11s)), at(40s));
}

TEST(RateLimiter, CountsTheResponseTimeOfAnEarlierRun) {
  RateLimiter pace({.response_per_minute = 10s});
  pace.remember(at(-30s), 10s);
  EXPECT_EQ(pace.free_at(at(0s)), at(30s));
  EXPECT_EQ(pace.explain(), "limits.response_seconds_per_minute (10) is reached");
}

}  // namespace
}  // namespace repopipe
