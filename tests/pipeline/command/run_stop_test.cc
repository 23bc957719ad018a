// LastResort and RunStop: the ends of a run that hangs or gets a signal.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

#include "pipeline/base/units.h"
#include "pipeline/command/signals.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

constexpr auto kGrace = 200ms;

// A run that hangs, so long after its deadline.
void hang(Duration since_deadline) {
  const LastResort last_resort(SystemClock().now() - since_deadline, kGrace);
  while (true) pause();
}

// As long after the deadline, and after a machine that slept past it has woken.
TEST(LastResort, EndsTheProcessAWhileAfterTheDeadline) {
  for (const Duration since_deadline : {Duration(0s), Duration(1h)}) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EXIT(hang(since_deadline), ::testing::ExitedWithCode(75),
                "^repopipe: run.deadline passed a minute ago, and the run hangs; "
                "the next run resumes\n$");
    EXPECT_GE(std::chrono::steady_clock::now() - begin, kGrace);
  }
}

TEST(LastResort, LeavesARunAloneThatHasEnded) {
  EXPECT_NE(end_whatever_hangs(SystemClock().now() + 1h), nullptr);
}

}  // namespace
}  // namespace repopipe
