#include "pipeline/workers/processes/worker_exit.h"

#include <gtest/gtest.h>

#include <csignal>

namespace repopipe {
namespace {

using namespace std::chrono_literals;

WorkerExit exited(int code) {
  return loss_of({.exit_code = code});
}

WorkerExit ended_by(int signal) {
  return loss_of({.signal = signal});
}

TEST(WorkerExit, IsACrashWhenTheWorkerEndsByItself) {
  const auto crashed = [](const char* words) {
    return WorkerExit{FailureKind::worker_crashed, words};
  };
  EXPECT_EQ(exited(0), crashed("exited with code 0"));
  EXPECT_EQ(exited(70), crashed("exited with code 70"));
  EXPECT_EQ(exited(128), crashed("exited with code 128"));
  EXPECT_EQ(exited(255), crashed("exited with code 255"));
  EXPECT_EQ(ended_by(SIGSEGV), crashed("crashed (Segmentation fault)"));
  EXPECT_EQ(ended_by(SIGABRT), crashed("crashed (Aborted)"));
  EXPECT_EQ(exited(128 + SIGABRT), crashed("crashed (Aborted)"));
}

TEST(WorkerExit, IsNoCrashWhenItIsKilledFromOutside) {
  const auto lost = [](const char* words) { return WorkerExit{FailureKind::worker_lost, words}; };
  EXPECT_EQ(ended_by(SIGKILL), lost("was killed from outside (SIGKILL)"));
  EXPECT_EQ(ended_by(SIGHUP), lost("was killed from outside (SIGHUP)"));
  EXPECT_EQ(exited(143), lost("was killed from outside (SIGTERM)"));
  EXPECT_EQ(exited(130), lost("was killed from outside (SIGINT)"));
}

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
