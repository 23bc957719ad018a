#include <gtest/gtest.h>

#include "pipeline/plan/run_tally.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

TEST(TimeSplit, GivesEachMomentToOneActivity) {
  const Time start{};
  TimeSplit split(start);
  split.spend(Activity::starting, start + 1s);
  split.spend(Activity::fetching, start + 4s);
  split.spend(Activity::waiting, start + 9s);
  split.spend(Activity::fetching, start + 10s);
  EXPECT_EQ(split.times().starting, 1s);
  EXPECT_EQ(split.times().fetching, 4s);
  EXPECT_EQ(split.times().waiting, 5s);
  EXPECT_EQ(split.times().wall(), 10s);
}

TEST(TimeSplit, CountsEachWaitByItsCause) {
  TimeSplit split(Time{});
  const auto wait_for = [&](WaitCause cause, Duration until) {
    split.set_cause(cause);
    split.spend(Activity::waiting, Time{} + until);
  };
  wait_for(WaitCause::quota, 2s);
  wait_for(WaitCause::quota, 5s);  // the same wait, after a message
  wait_for(WaitCause::retry, 6s);
  split.spend(Activity::fetching, Time{} + 7s);
  wait_for(WaitCause::retry, 9s);
  wait_for(WaitCause::pace, 9s);  // no wait
  const RunTimes& times = split.times();
  EXPECT_EQ(times.waiting, 8s);
  const auto waited = [&](WaitCause cause) { return times.waits[static_cast<std::size_t>(cause)]; };
  EXPECT_EQ(waited(WaitCause::quota), (Waited{5s, 1}));
  EXPECT_EQ(waited(WaitCause::retry), (Waited{3s, 2}));
  EXPECT_EQ(waited(WaitCause::pace), Waited{});
}

TEST(TimeSplit, TakesTimeThatGoesBackAsNone) {
  TimeSplit split(Time{} + 5s);
  split.spend(Activity::fetching, Time{} + 2s);
  EXPECT_EQ(split.times().wall(), 0s);
}

}  // namespace
}  // namespace repopipe
