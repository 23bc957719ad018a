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

std::uint64_t hash_of(std::string_view text) {
  Fnv1a hash;
  hash.add(text);
  return hash.value();
}

// The test vectors of FNV's authors (http://www.isthe.com/chongo/tech/comp/fnv/).
TEST(Fnv1a, IsThatOfItsAuthors) {
  EXPECT_EQ(hash_of(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(hash_of("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(hash_of("foobar"), 0x85944171f73967e8ULL);
}

// The finaliser of MurmurHash3 maps 0 to 0 and nothing else.
TEST(Spread, MovesEveryBit) {
  EXPECT_EQ(spread(0), 0U);
  EXPECT_EQ(spread(1), 0xb456bcfc34c2cb2cULL);
}

}  // namespace
}  // namespace repopipe
