#include <gtest/gtest.h>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

TEST(Quote, ShowsOneLineOfLegalText) {
  EXPECT_EQ(in_quotes("a\tb\n\xff\x7f"
                      "ä"),
            "\"a\\x09b\\x0a\\xff\\x7fä\"");
  EXPECT_EQ(in_quotes(std::string(61, 'x')), "\"" + std::string(60, 'x') + "...\"");
  EXPECT_EQ(in_quotes("äöü", 2), "\"äö...\"");
}

TEST(Quote, ShowsInvisibleCharacters) {
  EXPECT_EQ(in_quotes("octo\u200bcat\u00a0\ufeff\u202e"),
            "\"octo<U+200B>cat<U+00A0><U+FEFF><U+202E>\"");
  EXPECT_EQ(in_quotes("\U000e0041é€😀"), "\"<U+E0041>é€😀\"");
}

TEST(Quote, KnowsGitHubsTokens) {
  for (const std::string token :
       {"ghp_0123456789abcdefABCDEF0123456789abcd", "gho_0123456789abcdefABCDEF0123456789abcd",
        "ghu_0123456789abcdefABCDEF0123456789abcd", "ghs_0123456789abcdefABCDEF0123456789abcd",
        "github_pat_11ABCDEFG0123456789_abcd", "0123456789abcdef0123456789abcdef0123abcd"}) {
    EXPECT_TRUE(holds_token(token)) << token;
    EXPECT_EQ(in_quotes(token), "\"...abcd\"");
    EXPECT_EQ(in_quotes("Bearer " + token + "!"), "\"Bearer ...abcd!\"");
  }
}

TEST(Quote, LeavesOtherTextAlone) {
  for (const std::string text : {"ghp_", "ghp_short", "octocat", "env:GITHUB_TOKEN",
                                 "0123456789abcdef0123456789abcdef0123abc"}) {
    EXPECT_FALSE(holds_token(text)) << text;
    EXPECT_EQ(in_quotes(text), "\"" + text + "\"");
  }
}

TEST(Quote, MasksShortSecretsWholly) {
  EXPECT_EQ(mask("hunter2"), "...");
  EXPECT_EQ(mask("hunter2-hunter2-hunter2"), "...ter2");
  EXPECT_EQ(mask("hunter2-hunter2-hunt\ner2"), "...");
}

TEST(Quote, KeysNeedNoQuotesUnlessTheyAreStrange) {
  EXPECT_EQ(shown_key("max_body"), "max_body");
  EXPECT_EQ(shown_key("two words"), "\"two words\"");
  EXPECT_EQ(shown_key(""), "\"\"");
}

}  // namespace
}  // namespace repopipe
