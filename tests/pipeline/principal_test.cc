#include "pipeline/principal.h"

#include <gtest/gtest.h>

#include <string>

namespace repopipe {
namespace {

TEST(Principal, IsTheOnlyOneThereIs) {
  EXPECT_EQ(principal_of("octocat", 1), 0U);
}

TEST(Principal, MovesOnlyTheShareOfANewOne) {
  int moved = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string login = "user-" + std::to_string(i);
    const std::uint32_t before = principal_of(login, 3);
    const std::uint32_t after = principal_of(login, 4);
    if (before == after) continue;
    ++moved;
    EXPECT_EQ(after, 3U);  // whoever moves, moves to the new one
  }
  EXPECT_NEAR(moved, 1000, 150);
}

}  // namespace
}  // namespace repopipe
