#include "pipeline/workers/processes/worker_exit.h"

#include <gtest/gtest.h>

#include <csignal>

namespace repopipe {
namespace {

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

}  // namespace
}  // namespace repopipe
