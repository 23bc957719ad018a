#include "pipeline/vanishing.h"

#include <gtest/gtest.h>

namespace repopipe {
namespace {

std::optional<std::string> judged(std::uint64_t known, std::uint64_t vanished, double most) {
  RunTotals totals;
  totals.known = known;
  totals.vanished = vanished;
  return too_many_vanished(totals, most);
}

TEST(Vanishing, MayTakeAFewWhateverTheShare) {
  EXPECT_EQ(judged(19, 19, 0.2), std::nullopt);
  EXPECT_EQ(judged(0, 0, 0), std::nullopt);
}

TEST(Vanishing, MayTakeItsShare) {
  EXPECT_EQ(judged(100, 20, 0.2), std::nullopt);
  EXPECT_EQ(judged(100, 100, 1), std::nullopt);
}

TEST(Vanishing, IsAMistakeAboveBoth) {
  EXPECT_EQ(judged(100, 21, 0.2),
            "21 of 100 known users are gone, more than run.max_vanished allows; none was marked as "
            "gone. Do provider.base_url and the tokens still see them?");
  EXPECT_NE(judged(20, 20, 0.2), std::nullopt);
  EXPECT_NE(judged(20, 20, 0), std::nullopt);
}

}  // namespace
}  // namespace repopipe
