#include "pipeline/base/text.h"

#include <gtest/gtest.h>

namespace repopipe {
namespace {

TEST(FoldCase, LowersAsciiAlone) {
  EXPECT_EQ(fold_case("OctoCat-9_Ä"), "octocat-9_Ä");
}

TEST(EqualIgnoringCase, ComparesWholeTexts) {
  EXPECT_TRUE(equal_ignoring_case("GZip", "gzip"));
  EXPECT_FALSE(equal_ignoring_case("gzip", "gzip2"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
}

TEST(Trim, TakesSpaceOffBothEnds) {
  EXPECT_EQ(trim(" \ta b\r\n"), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
}

}  // namespace
}  // namespace repopipe
