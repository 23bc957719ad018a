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

TEST(TimeSplit, TakesTimeThatGoesBackAsNone) {
  TimeSplit split(Time{} + 5s);
  split.spend(Activity::fetching, Time{} + 2s);
  EXPECT_EQ(split.times().wall(), 0s);
}

}  // namespace
}  // namespace repopipe
