#include <gtest/gtest.h>

#include "pipeline/plan/retry_policy.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToAMinute) {
  EXPECT_EQ(backoff_bound(1s, 1), 1s);
  EXPECT_EQ(backoff_bound(1s, 2), 2s);
  EXPECT_EQ(backoff_bound(1s, 5), 16s);
  EXPECT_EQ(backoff_bound(1s, 7), 1min);
  EXPECT_EQ(backoff_bound(1s, 1000), 1min);
  EXPECT_EQ(backoff_bound(10min, 1), 1min);
  EXPECT_EQ(backoff_bound(0s, 9), 0s);
}

TEST(Backoff, JittersOverTheWholeRange) {
  std::mt19937_64 random(7);
  Duration least = 1h;
  Duration most{};
  for (int i = 0; i < 1000; ++i) {
    const Duration wait = full_jitter(1s, 3, random);
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_LT(least, 100ms);
  EXPECT_GT(most, 3900ms);
  EXPECT_LE(most, 4s);
}

}  // namespace
}  // namespace repopipe
