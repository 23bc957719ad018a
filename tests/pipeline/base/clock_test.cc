#include <gtest/gtest.h>

#include "pipeline/base/units.h"

namespace repopipe {
namespace {

using std::chrono::milliseconds;

TEST(ToIso8601, IsUtcWithMilliseconds) {
  EXPECT_EQ(to_iso8601(WallTime{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_iso8601(WallTime(milliseconds(1570482632007))), "2019-10-07T21:10:32.007Z");
}

TEST(ToIso8601, RoundsDownBeforeTheEpoch) {
  EXPECT_EQ(to_iso8601(WallTime(milliseconds(-1))), "1969-12-31T23:59:59.999Z");
}

TEST(SystemClock, GoesOn) {
  const SystemClock clock;
  const Time before = clock.now();
  EXPECT_LE(before, clock.now());
  EXPECT_GT(clock.wall(), WallTime{});
}

}  // namespace
}  // namespace repopipe
