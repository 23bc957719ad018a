#include "pipeline/pace.h"

#include <gtest/gtest.h>

namespace repopipe {
namespace {

using namespace std::chrono_literals;

Time at(Duration since_start) {
  return Time{} + since_start;
}

TEST(Pace, HoldsNobodyWithoutLimits) {
  Pace pace({});
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(pace.free_at(at(1s)), at(1s));
    pace.sent(at(1s));
    pace.answered(1h, at(1s));
  }
}

TEST(Pace, KeepsRequestsOfAnyMinuteBelowTheLimit) {
  Pace pace({.requests_per_minute = 3});
  for (const Duration moment : {0s, 10s, 20s}) {
    EXPECT_EQ(pace.free_at(at(moment)), at(moment));
    pace.sent(at(moment));
  }
  EXPECT_EQ(pace.free_at(at(21s)), at(60s));
  EXPECT_EQ(pace.free_at(at(60s)), at(60s));
  pace.sent(at(60s));
  EXPECT_EQ(pace.free_at(at(61s)), at(70s));
}

TEST(Pace, NeverLetsMoreThanTheLimitIntoAMinute) {
  Pace pace({.requests_per_minute = 7});
  std::deque<Time> sent;
  Time now{};
  for (int i = 0; i < 500; ++i) {
    now = pace.free_at(now + 1ms * (i % 900));
    pace.sent(now);
    sent.push_back(now);
    while (sent.front() <= now - 1min) sent.pop_front();
    ASSERT_LE(sent.size(), 7U);
  }
}

TEST(Pace, WaitsUntilEnoughResponseTimeIsAMinuteOld) {
  Pace pace({.response_per_minute = 90s});
  pace.answered(40s, at(1s));
  pace.answered(40s, at(2s));
  EXPECT_EQ(pace.free_at(at(3s)), at(3s));
  pace.answered(30s, at(4s));
  EXPECT_EQ(pace.free_at(at(5s)), at(61s));
  pace.answered(60s, at(5s));
  EXPECT_EQ(pace.free_at(at(6s)), at(64s));
}

}  // namespace
}  // namespace repopipe
