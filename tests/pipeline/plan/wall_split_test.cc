#include "pipeline/plan/wall_split.h"

#include <gtest/gtest.h>

namespace repopipe {
namespace {

using namespace std::chrono_literals;

TEST(WallSplit, GivesEachMomentToOneActivity) {
  const Time start{};
  WallSplit split(start);
  split.spend(Activity::starting, start + 1s);
  split.spend(Activity::fetching, start + 4s);
  split.spend(Activity::waiting, start + 9s);
  split.spend(Activity::fetching, start + 10s);
  EXPECT_EQ(split.times().starting, 1s);
  EXPECT_EQ(split.times().fetching, 4s);
  EXPECT_EQ(split.times().waiting, 5s);
  EXPECT_EQ(split.times().wall(), 10s);
}

TEST(WallSplit, TakesTimeThatGoesBackAsNone) {
  WallSplit split(Time{} + 5s);
  split.spend(Activity::fetching, Time{} + 2s);
  EXPECT_EQ(split.times().wall(), 0s);
}

}  // namespace
}  // namespace repopipe
