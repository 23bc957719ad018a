#include <gtest/gtest.h>

#include "pipeline/model/run.h"

namespace repopipe {
namespace {

std::optional<std::string> judged(std::uint64_t known, std::uint64_t missing, double most) {
  return too_many_vanished({"repositories", known, missing}, most);
}

TEST(Vanishing, MayTakeAFewWhateverTheShare) {
  EXPECT_EQ(judged(20, 19, 0.2), std::nullopt);
  EXPECT_EQ(judged(2, 1, 0), std::nullopt);
  EXPECT_EQ(judged(0, 0, 0), std::nullopt);
}

TEST(Vanishing, MayTakeItsShare) {
  EXPECT_EQ(judged(100, 20, 0.2), std::nullopt);
  EXPECT_EQ(judged(100, 99, 0.99), std::nullopt);
}

TEST(Vanishing, IsAMistakeAboveBoth) {
  EXPECT_EQ(judged(100, 21, 0.2),
            "21 of 100 known repositories are gone, more than run.max_vanished allows; none was "
            "marked as gone");
  EXPECT_NE(judged(21, 20, 0), std::nullopt);
}

TEST(Vanishing, IsAMistakeIfNoneIsLeft) {
  for (const std::uint64_t known : {1, 2, 19, 20, 100}) {
    EXPECT_NE(judged(known, known, 0.99), std::nullopt) << known;
  }
}

TEST(Vanishing, IsAcceptedAsAWholeWhereAllMayVanish) {
  for (const std::uint64_t known : {1, 19, 20, 100}) {
    EXPECT_EQ(judged(known, known, 1), std::nullopt) << known;
  }
}

}  // namespace
}  // namespace repopipe
