// SIGKILL right before and right after the first commit of a run, the second, the third ... until a
// run is not killed.  The next run always reaches the result of an undisturbed one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/e2e/killed_nights.h"
#include "tests/e2e/simulator.h"

namespace repopipe::e2e {
namespace {

using ::testing::IsEmpty;

std::vector<std::string> users() {
  std::vector<std::string> users = simulated_logins(kSixteenUsers);
  users.insert(users.begin() + 7, "nobody");
  return users;
}

Program killed_at(const Nightly& nightly, const std::string& moment) {
  Program program = nightly.program(kTwoAtATime);
  program.arguments[0] = std::filesystem::path(REPOPIPE_BINARY_DIR) / "killed_repopipe";
  program.environment["REPOPIPE_TEST_KILL"] = moment;
  return program;
}

class KillSweep : public ::testing::TestWithParam<std::tuple<std::string, int>> {
 protected:
  // False: the run ended before that many commits.
  bool survives_kill_at(int commit) {
    SCOPED_TRACE(commit);
    const auto& [moment, night] = GetParam();
    const Nightly nightly = nights.begin(night);
    nights.starting({});
    const Ended first = run(killed_at(nightly, moment + ":" + std::to_string(commit)));
    if (first.signal != SIGKILL) {
      EXPECT_EQ(first.exit_code, 0) << first.err;
      nights.expect_complete(nightly, night, 0);
      return false;
    }
    const Remains left = remains_of(nightly.database());
    const bool has_begun = left.runs == night + 1;
    if (!has_begun || left.status != "complete") {
      nights.starting(left);
      const Ended second = nightly.run(kTwoAtATime);
      EXPECT_EQ(second.exit_code, 0) << second.err;
    }
    settled_at_kills.insert(left.settled.size());
    nights.expect_complete(nightly, night, has_begun && left.status == "running" ? 1 : 0);
    return true;
  }

  KilledNights nights{kSixteenUsers, users()};
  std::set<std::size_t> settled_at_kills;
};

TEST_P(KillSweep, TheNextRunLeadsToTheSameDatabase) {
  int commit = 1;
  while (!HasFailure() && survives_kill_at(commit)) ++commit;
  EXPECT_GT(commit, 5) << "there are that many commits, however few the batches are";
  EXPECT_GT(settled_at_kills.size(), 3) << "kills between batches of users";
  EXPECT_THAT(nights.repeated(), IsEmpty());
  RecordProperty("kills", commit - 1);
}

INSTANTIATE_TEST_SUITE_P(Commits, KillSweep,
                         ::testing::Combine(::testing::Values("before", "after"),
                                            ::testing::Values(0, 1)),
                         [](const auto& info) {
                           return std::get<0>(info.param) + "OfNight" +
                                  std::to_string(std::get<1>(info.param));
                         });

}  // namespace
}  // namespace repopipe::e2e
