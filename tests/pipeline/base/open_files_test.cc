#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

#include "pipeline/base/system.h"
#include "pipeline/base/thread.h"

namespace repopipe {
namespace {

TEST(OpenFiles, AreRaisedToTheHardLimitAndNeverLowered) {
  raise_open_files();
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_GE(limit.rlim_cur, std::min<rlim_t>(limit.rlim_max, 65'536));
  EXPECT_EQ(open_files_allowed(), limit.rlim_cur);
}

TEST(OpenFiles, BelowTheProgramsOwnTheLimitIsNamed) {
  EXPECT_TRUE(check_open_files(32));
  const Status few = check_open_files(31);
  ASSERT_FALSE(few);
  EXPECT_EQ(few.error().kind, FailureKind::machine_limit);
  EXPECT_EQ(few.error().message,
            "only 31 files may be open, and at least 32 are needed, see ulimit -n");
}

TEST(OpenFiles, LeaveRoomForAtLeastOneConnection) {
  EXPECT_EQ(connections_within(8, 1024), 8);
  EXPECT_EQ(connections_within(1000, 1040), 1000);
  EXPECT_EQ(connections_within(1000, 1039), 999);
  EXPECT_EQ(connections_within(100, 64), 24);
  EXPECT_EQ(connections_within(8, 40), 1);
  EXPECT_EQ(connections_within(8, 3), 1);
}

TEST(OpenFiles, WhatCannotBeOpenedIsALimitOfTheMachine) {
  errno = EMFILE;
  try {
    must_open(-1, "an eventfd");
    FAIL();
  } catch (const Thrown& thrown) {
    EXPECT_EQ(thrown.failure().kind, FailureKind::machine_limit);
    EXPECT_EQ(thrown.failure().message,
              "cannot open an eventfd: Too many open files; see ulimit -n");
  }
}

}  // namespace
}  // namespace repopipe
