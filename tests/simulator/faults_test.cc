#include "tests/simulator/faults.h"

#include <gtest/gtest.h>

#include <string>

namespace repopipe::simulator {
namespace {

TEST(Faults, HitTheirShareOfUrlsOnTheFirstRequestOnly) {
  Faults faults(1, {.server_error_percent = 10, .reset_percent = 5});
  int errors = 0, resets = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string url = "/users/u" + std::to_string(i) + "/repos";
    const Fault fault = faults.next(url);
    errors += fault == Fault::server_error;
    resets += fault == Fault::reset;
    EXPECT_EQ(faults.next(url), Fault::none);
    EXPECT_EQ(faults.next(url), Fault::none);
  }
  EXPECT_NEAR(errors, 1000, 120);
  EXPECT_NEAR(resets, 500, 90);
}

TEST(Faults, DependOnNothingButTheSeedAndTheUrl) {
  Faults one(1, {.server_error_percent = 50}), again(1, {.server_error_percent = 50});
  Faults other(2, {.server_error_percent = 50});
  int different = 0;
  for (int i = 0; i < 1000; ++i) {
    const Fault fault = one.next(std::to_string(i));
    EXPECT_EQ(again.next(std::to_string(i)), fault);
    different += other.next(std::to_string(i)) != fault;
  }
  EXPECT_GT(different, 100);
}

TEST(Faults, AreAllOrNothingAtTheEnds) {
  Faults always(1, {.server_error_percent = 100}), never(1, {});
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(always.next(std::to_string(i)), Fault::server_error);
    EXPECT_EQ(never.next(std::to_string(i)), Fault::none);
  }
}

}  // namespace
}  // namespace repopipe::simulator
