#include "pipeline/plan/principal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using testing::tokens;

TEST(PrincipalTable, GiveTheOnlyOneAllUsers) {
  EXPECT_EQ(PrincipalTable(tokens(1)).of("octocat"), 0U);
}

TEST(PrincipalTable, MoveOnlyTheShareOfANewOne) {
  const PrincipalTable before(tokens(3));
  const PrincipalTable after(tokens(4));
  int moved = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string login = "user-" + std::to_string(i);
    if (before.of(login) == after.of(login)) continue;
    ++moved;
    EXPECT_EQ(after.of(login), 3U);  // all users that move, move to the new token
  }
  EXPECT_NEAR(moved, 1000, 150);
}

TEST(PrincipalTable, GoByIdentityAndNotByPlace) {
  std::vector<Principal> turned = tokens(3);
  std::ranges::reverse(turned);
  const PrincipalTable here(tokens(3));
  const PrincipalTable there(turned);
  for (int i = 0; i < 200; ++i) {
    const std::string login = "user-" + std::to_string(i);
    EXPECT_EQ(here[here.of(login)].identity, there[there.of(login)].identity);
  }
}

TEST(PrincipalTable, LeaveOthersWhereTheyAreWhenOneIsBenched) {
  PrincipalTable all(tokens(3));
  const PrincipalTable before(tokens(3));
  all.disable(1);
  for (int i = 0; i < 200; ++i) {
    const std::string login = "user-" + std::to_string(i);
    EXPECT_NE(all.of(login), 1U);
    if (before.of(login) != 1) {
      EXPECT_EQ(all.of(login), before.of(login));
    }
  }
}

TEST(PrincipalTable, NameAnotherOneOfTheSameAccount) {
  PrincipalTable all(tokens(3));
  EXPECT_EQ(all.owner_told(0, 7), std::nullopt);
  EXPECT_EQ(all.owner_told(1, 8), std::nullopt);
  EXPECT_EQ(all.owner_told(2, 7), 0U);
}

TEST(PrincipalTable, ArePreparedOnceTheirOwnerIsToldOrCannotBe) {
  PrincipalTable all(tokens(2));
  all.ask_for_owner(0);
  EXPECT_FALSE(all.is_ready(0));
  EXPECT_TRUE(all.is_ready(1));
  EXPECT_EQ(all.owner_told(0, std::nullopt), std::nullopt);
  EXPECT_TRUE(all.is_ready(0));
}

}  // namespace
}  // namespace repopipe
