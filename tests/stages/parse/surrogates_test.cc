#include <gtest/gtest.h>

#include "stages/parse/mend_json.h"

namespace repopipe {
namespace {

TEST(MendSurrogates, ReplacesWhatHasNoOtherHalf) {
  EXPECT_EQ(mend_surrogates(R"("\ud83d")"), R"("\uFFFD")");
  EXPECT_EQ(mend_surrogates(R"("\uDE00x")"), R"("\uFFFDx")");
  EXPECT_EQ(mend_surrogates(R"("\ud83d\ud83d\ude00")"), R"("\uFFFD\ud83d\ude00")");
  EXPECT_EQ(mend_surrogates(R"("\ude00\ud83d")"), R"("\uFFFD\uFFFD")");
  EXPECT_EQ(mend_surrogates(R"("\ud83d\u0041\n\udfff")"), R"("\uFFFD\u0041\n\uFFFD")");
}

TEST(MendSurrogates, LeavesEverythingElse) {
  for (const std::string_view json :
       {R"("")", R"("\ud83d\uDE00")", R"("\\ud83d")", R"("\\\\ude00")", R"("\ud7ff\ue000\n\"\/")",
        R"("\u12")", R"("\uzzzz")", R"(\)", R"(\u)", "", "ud83d"}) {
    EXPECT_EQ(mend_surrogates(json), json);
  }
}

}  // namespace
}  // namespace repopipe
