// SIGKILL at random moments of two runs and of the runs that resume them: the final database is
// that of undisturbed runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <random>
#include <utility>

#include "tests/e2e/killed_nights.h"
#include "tests/e2e/world.h"
#include "tests/testing/sanitized.h"

namespace repopipe::e2e {
namespace {

using ::testing::IsEmpty;

// Two hundred in all, in parts that can run side by side.
constexpr int kParts = 4;
constexpr int kKills = is_sanitized() ? 5 : 50;
constexpr int kKillsInARow = 4;  // after these the run is not killed

class KillMoments : public ::testing::TestWithParam<int> {
 protected:
  // Runs until it is complete.
  void live_through(int night) {
    const Nightly nightly = nights.begin(night);
    Remains left = remains_of(nightly.database());
    for (int part = 0; left.runs <= night || left.status == "running"; ++part) {
      nights.starting(left);
      Process process(nightly.program());
      if (part < kKillsInARow && !process.ends_within(moment(night))) process.signal(SIGKILL);
      const Ended ended = process.wait();
      ASSERT_TRUE(ended.signal == SIGKILL || ended.exit_code == 0) << ended.err;
      const Remains before = std::exchange(left, remains_of(nightly.database()));
      const bool began = left.runs != before.runs || left.resumed != before.resumed;
      kills += ended.signal == SIGKILL && began && left.status == "running" ? 1 : 0;
    }
    nights.expect_complete(nightly, night, left.resumed);
  }

  std::chrono::milliseconds moment(int night) {
    const auto last = static_cast<int>(nights.duration(night).count());
    return std::chrono::milliseconds(std::uniform_int_distribution(0, last)(random));
  }

  KilledNights nights{small_world(), users_of(small_world())};
  std::mt19937 random{static_cast<std::uint32_t>(20261122 + GetParam())};
  int kills = 0;  // of processes that were inside a run
};

TEST_P(KillMoments, LeadToTheSameDatabases) {
  for (int round = 0; kills < kKills && !HasFailure(); ++round) {
    SCOPED_TRACE(round);
    live_through(round % 2);
  }
  EXPECT_THAT(nights.repeated(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Parts, KillMoments, ::testing::Range(0, kParts));

}  // namespace
}  // namespace repopipe::e2e
