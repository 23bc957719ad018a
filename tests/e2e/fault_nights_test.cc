// Runs whose disk fails at one operation of SQLite, or from one on.  Each ends with the right exit
// code, and the next run reaches the result of an undisturbed one without requesting finished users
// again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/killed_nights.h"
#include "tests/e2e/simulator.h"
#include "tests/testing/sanitized.h"

namespace repopipe::e2e {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// From one operation that fails to the next.  The store's own sweep leaves out none.
constexpr int kStep = is_sanitized() ? 61 : 37;
constexpr int kLongStep = 11;

class FaultNights : public ::testing::TestWithParam<std::tuple<std::string, int>> {
 protected:
  // False: the run ended before that many operations.
  bool survives_fault_at(int operation) {
    SCOPED_TRACE(operation);
    const auto& [extent, night] = GetParam();
    const Nightly nightly = nights.begin(night);
    const std::filesystem::path struck = nightly.folder() / "struck";
    Program faulty = nightly.program(kTwoAtATime);
    faulty.arguments[0] = std::filesystem::path(REPOPIPE_BINARY_DIR) / "faulty_repopipe";
    faulty.environment["REPOPIPE_TEST_FAULT"] = extent + ":" + std::to_string(operation);
    faulty.environment["REPOPIPE_TEST_STRUCK"] = struck;
    nights.starting({});
    const Ended first = run(faulty);
    if (first.exit_code != 0) {
      EXPECT_THAT(first.exit_code, AnyOf(73, 74)) << first.err;
      EXPECT_THAT(first.err, HasSubstr("repos.db"));
      ++told;
    }
    const Remains left = remains_of(nightly.database());
    const bool goes_on = left.runs == night + 1 && left.is_unfinished();
    if (left.runs == night || goes_on) {
      EXPECT_NE(first.exit_code, 0) << first.err;
      nights.starting(left);
      const Ended second = nightly.run(kTwoAtATime);
      EXPECT_EQ(second.exit_code, 0) << second.err;
    }
    nights.expect_complete(nightly, night, goes_on ? 1 : 0);
    return std::filesystem::exists(struck);
  }

  void survives_faults(int step) {
    int operation = 1;
    while (!HasFailure() && survives_fault_at(operation)) operation += step;
    EXPECT_GT(told, 3);
    EXPECT_THAT(nights.repeated(), IsEmpty());
  }

  KilledNights nights{kSixteenUsers, simulated_logins(kSixteenUsers)};
  int told = 0;
};

TEST_P(FaultNights, TheNextRunLeadsToTheSameDatabase) {
  survives_faults(kStep);
}

TEST_P(FaultNights, OfMoreOperationsLeadToTheSameDatabase) {
  survives_faults(kLongStep);
}

INSTANTIATE_TEST_SUITE_P(Operations, FaultNights,
                         ::testing::Combine(::testing::Values("once", "on"),
                                            ::testing::Values(0, 1)),
                         [](const auto& info) {
                           return std::get<0>(info.param) + "OfNight" +
                                  std::to_string(std::get<1>(info.param));
                         });

}  // namespace
}  // namespace repopipe::e2e
