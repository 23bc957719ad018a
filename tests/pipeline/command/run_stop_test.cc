// What ends a run that does not come to its end by itself.
#include "pipeline/command/run_stop.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

#include "pipeline/core/clock.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

// A run that began so long ago, and hangs.
void hang(Duration since_deadline) {
  const SystemClock clock;
  const auto alarm = end_whatever_hangs(clock.now() - since_deadline);
  while (true) pause();
}

TEST(EndWhateverHangs, EndsTheProcessAMinuteAfterTheDeadline) {
  constexpr auto kLeft = 200ms;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EXIT(hang(1min - kLeft), ::testing::ExitedWithCode(75),
              "^repopipe: run.deadline has passed a minute ago, and the run does not come to its "
              "end; the next run goes on where this one stopped\n$");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, kLeft);
}

TEST(EndWhateverHangs, EndsAtOnceWhatHangsForLonger) {
  EXPECT_EXIT(hang(1h), ::testing::ExitedWithCode(75), "run.deadline has passed");
}

TEST(EndWhateverHangs, LeavesARunAloneThatHasEnded) {
  const SystemClock clock;
  EXPECT_NE(end_whatever_hangs(clock.now() + 1h), nullptr);
}

}  // namespace
}  // namespace repopipe
