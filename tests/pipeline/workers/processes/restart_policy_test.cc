#include <gtest/gtest.h>

#include "pipeline/workers/processes/worker_exit.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

constexpr bool kAlone = false, kWithOthers = true;

TEST(RestartPolicy, EndAfterThreeThatNeverGotReady) {
  RestartPolicy restarts(2);
  for (int i = 0; i < 2; ++i) restarts.failed_to_start(FailureKind::worker_crashed, Time(7s));
  EXPECT_FALSE(restarts.is_pointless(kAlone));
  EXPECT_EQ(restarts.next_start(kAlone), Time::min());
  restarts.failed_to_start(FailureKind::internal, Time(7s));
  EXPECT_TRUE(restarts.is_pointless(kAlone));
}

TEST(RestartPolicy, BeginToCountAnewOnceOneIsReady) {
  RestartPolicy restarts(2);
  for (int i = 0; i < 2; ++i) restarts.failed_to_start(FailureKind::worker_crashed, Time(7s));
  restarts.got_ready();
  for (int i = 0; i < 2; ++i) restarts.failed_to_start(FailureKind::worker_crashed, Time(7s));
  EXPECT_FALSE(restarts.is_pointless(kAlone));
}

TEST(RestartPolicy, PauseWhileOthersWork) {
  RestartPolicy restarts(2);
  for (int i = 0; i < 5; ++i) restarts.failed_to_start(FailureKind::worker_crashed, Time(7s));
  EXPECT_FALSE(restarts.is_pointless(kWithOthers));
  EXPECT_EQ(restarts.next_start(kWithOthers), Time(12s));
  restarts.lost();  // the last of the others: three more may try
  EXPECT_FALSE(restarts.is_pointless(kAlone));
}

TEST(RestartPolicy, DoNotBlameAProgramForWhoKillsIt) {
  RestartPolicy restarts(2);
  for (int i = 0; i < 31; ++i) restarts.failed_to_start(FailureKind::worker_lost, Time(7s));
  EXPECT_FALSE(restarts.is_pointless(kAlone));
  restarts.failed_to_start(FailureKind::worker_lost, Time(7s));
  EXPECT_TRUE(restarts.is_pointless(kAlone));
}

TEST(RestartPolicy, EndWhenNothingIsEverSettled) {
  RestartPolicy restarts(2);
  for (int i = 0; i < 31; ++i) restarts.lost();
  EXPECT_FALSE(restarts.is_pointless(kWithOthers));
  restarts.settled();
  for (int i = 0; i < 31; ++i) restarts.lost();
  EXPECT_FALSE(restarts.is_pointless(kWithOthers));
  restarts.lost();
  EXPECT_TRUE(restarts.is_pointless(kWithOthers));
}

TEST(RestartPolicy, ContinuesAfterAllWereKilledThreeTimes) {
  RestartPolicy restarts(64);
  for (int i = 0; i < 3 * 64; ++i) restarts.lost();
  EXPECT_FALSE(restarts.is_pointless(kAlone));
  restarts.lost();
  EXPECT_TRUE(restarts.is_pointless(kAlone));
}

}  // namespace
}  // namespace repopipe
