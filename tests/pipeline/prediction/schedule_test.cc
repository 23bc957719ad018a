#include "pipeline/prediction/schedule.h"

#include <gtest/gtest.h>

namespace repopipe {
namespace {

constexpr double kHour = 3600;

// Requests that each cost a point, for one account.
ScheduleOptions requests(double count, double rate) {
  ScheduleOptions options{.quotas = {{.requests = count, .points = count}}, .rate = rate};
  options.max_wait = 65 * 60;
  options.deadline = 8 * kHour;
  return options;
}

ScheduleOptions with_quota(ScheduleOptions options, double limit, double remaining,
                           double resets_in) {
  options.quotas[0].limit = limit;
  options.quotas[0].remaining = remaining;
  options.quotas[0].resets_in = resets_in;
  return options;
}

TEST(Schedule, WithoutLimitsTheRateDecides) {
  const Schedule schedule = schedule_of(requests(1000, 20));
  EXPECT_NEAR(schedule.seconds, 50, 0.01);
  EXPECT_NEAR(schedule.sending, 50, 0.01);
  EXPECT_EQ(schedule.obstacle, Obstacle::none);
}

TEST(Schedule, NothingToSendTakesNoTime) {
  EXPECT_EQ(schedule_of(requests(0, 20)).seconds, 0);
}

TEST(Schedule, TheLimitOfAMinuteLetsABurstThrough) {
  ScheduleOptions options = requests(1900, 90);
  options.minute_most = 900;
  options.minute = 60;
  const Schedule schedule =
      schedule_of(options);  // 900 in 10 s, 900 from 60 s on, 100 from 120 s on
  EXPECT_NEAR(schedule.seconds, 120 + 100.0 / 90, 0.01);
  EXPECT_NEAR(schedule.minute_wait, 100, 0.01);
}

TEST(Schedule, RequestsOfTheLastMinuteCount) {
  ScheduleOptions options = requests(10, 100);
  options.minute_most = 900;
  options.sent_before = 900;
  options.sent_until = 40;
  EXPECT_NEAR(schedule_of(options).seconds, 40.1, 0.01);
}

TEST(Schedule, AnUnusedQuotaBeginsItsHourWithTheRun) {
  const Schedule schedule = schedule_of(with_quota(requests(12'000, 10), 5000, 0, 0));
  EXPECT_NEAR(schedule.seconds, 2 * kHour + 200, 0.01);
  EXPECT_NEAR(schedule.quota_wait, 2 * (kHour - 500), 0.01);
}

TEST(Schedule, WhatIsLeftOfAQuotaCountsUntilItsReset) {
  const Schedule schedule = schedule_of(with_quota(requests(300, 10), 5000, 100, 600));
  EXPECT_NEAR(schedule.seconds, 600 + 20, 0.01);
  EXPECT_NEAR(schedule.longest_wait, 590, 0.01);
}

TEST(Schedule, FreeRequestsCostNoQuota) {
  ScheduleOptions options = with_quota(requests(50'000, 100), 5000, 0, 0);
  options.quotas[0].points = 4000;
  EXPECT_NEAR(schedule_of(options).seconds, 500, 0.01);
}

TEST(Schedule, AWaitLongerThanMaxWaitIsAnObstacle) {
  ScheduleOptions options = with_quota(requests(300, 10), 5000, 100, 1200);
  options.max_wait = 600;
  const Schedule schedule = schedule_of(options);
  EXPECT_EQ(schedule.obstacle, Obstacle::max_wait);
  EXPECT_NEAR(schedule.used_up_at, 10, 0.01);
  EXPECT_NEAR(schedule.continues_at, 1200, 0.01);
}

TEST(Schedule, TheDeadlineIsAnObstacle) {
  ScheduleOptions options = requests(1000, 20);
  options.deadline = 49;
  EXPECT_EQ(schedule_of(options).obstacle, Obstacle::deadline);
  options.deadline = 51;
  EXPECT_EQ(schedule_of(options).obstacle, Obstacle::none);
}

TEST(Schedule, AReserveOfTheWholeQuotaIsAnObstacle) {
  ScheduleOptions options = with_quota(requests(10, 20), 60, 0, 0);
  options.reserve = 60;
  EXPECT_EQ(schedule_of(options).obstacle, Obstacle::reserve);
  options.reserve = 50;
  EXPECT_EQ(schedule_of(options).obstacle, Obstacle::none);
}

// While one token waits, the other one has the whole rate.
TEST(Schedule, TokensWaitIndependently) {
  ScheduleOptions options = with_quota(requests(100, 10), 5000, 10, 60);
  options.quotas.push_back({.requests = 100, .points = 100, .limit = 5000});
  const Schedule schedule = schedule_of(options);
  EXPECT_EQ(schedule.obstacle, Obstacle::none);
  EXPECT_NEAR(schedule.seconds, 60 + 9, 0.01);  // 10 + 100 until 11 s; 90 from 60 s on
  EXPECT_NEAR(schedule.quota_wait, 60 - 11, 0.01);
}

}  // namespace
}  // namespace repopipe
