#include "pipeline/base/secrets.h"

#include <gtest/gtest.h>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

const std::string kToken = "ghp_0123456789abcdefABCDEF0123456789wxyz";
const std::string kClassic = "0123456789abcdef0123456789abcdef0123abcd";

TEST(Secrets, AreMaskedWhereverTheyStand) {
  add_secret("hunter2\n");
  EXPECT_EQ(without_secrets("hunter2, xhunter2x"), "***, x***x");
  EXPECT_EQ(without_secrets("nothing to hide"), "nothing to hide");
}

TEST(Secrets, TheLongerOneCounts) {
  add_secret("swordfish");
  add_secret("swordfish-and-more");
  EXPECT_EQ(without_secrets("swordfish-and-more"), "***");
}

TEST(Secrets, ShortOnesAreMaskedAsWholeWords) {
  add_secret("qx");
  EXPECT_EQ(without_secrets("qx aqx qx1 (qx)"), "*** aqx qx1 (***)");
}

TEST(Secrets, AreMaskedInJsonAndHtml) {
  add_secret("a\"b&c\\d");
  EXPECT_EQ(without_secrets(R"({"error": "a\"b&c\\d"})"), R"({"error": "***"})");
  EXPECT_EQ(without_secrets(R"(<td>a&quot;b&amp;c\d</td>)"), "<td>***</td>");
}

TEST(Secrets, UserinfoOfAddressesIsNotShown) {
  EXPECT_EQ(without_secrets("see 'http://svc:one@proxy:3128/'"), "see 'http://***@proxy:3128/'");
  EXPECT_EQ(without_secrets("redis://:p@ss@host/0, more"), "redis://***@host/0, more");
  EXPECT_EQ(without_secrets("http://svc:two/1@proxy"), "http://***@proxy");
  EXPECT_EQ(without_secrets("http://svc:three#1@proxy"), "http://***@proxy");
}

TEST(Secrets, AddressesWithoutUserinfoStay) {
  for (const std::string text : {"https://api.github.com/users/octocat", "http://host:8080/@user",
                                 "https://host/a@b", "mail me@host", "://"}) {
    EXPECT_EQ(without_secrets(text), text);
  }
}

// libcurl and others quote what they took for a host, a port or a path.
TEST(Secrets, OfAnAddressThatNoParserTakes) {
  add_secrets_of_address("htps://svc:Sesame%21#77@proxy:31280000");
  for (const std::string text :
       {"no host Sesame%21", "port Sesame!", "Sesame%21#77", "Sesame!#77"}) {
    EXPECT_EQ(without_secrets(text).find("Sesame"), std::string::npos) << text;
  }
  add_secrets_of_address("user:no-scheme@proxy");
  EXPECT_EQ(without_secrets("no-scheme"), "***");
  add_secrets_of_addresses_in("--set execution.queue=redis://:in-a-list@host [http://a:other@b]");
  EXPECT_EQ(without_secrets("in-a-list other"), "*** ***");
}

TEST(Secrets, TokensOfGitHubAreKnownByTheirForm) {
  EXPECT_EQ(without_secrets("Bad credentials: " + kToken + "."), "Bad credentials: ...wxyz.");
  EXPECT_EQ(without_secrets("Authorization: Bearer abcdefgh-1234567-stuv"),
            "Authorization: Bearer ...stuv");
}

// They may also be the name of a commit.
TEST(Secrets, HexDigitsAreATokenWhereTheyAreCalledOne) {
  EXPECT_EQ(without_secrets("commit " + kClassic), "commit " + kClassic);
  for (const std::string before : {"token ", "access_token=", "\"token\": \"", "Authorization: "}) {
    EXPECT_EQ(without_secrets(before + kClassic), before + "...abcd");
  }
}

// Data is stored as it is told, but for what can only be a secret.
TEST(Secrets, OfDataOnlyThoseThatAreNoOrdinaryWord) {
  add_secret("python");
  add_secret("sixteen-letters!");
  const std::string plain = "python at https://anna:word@example.org/ghp_short, token " + kClassic;
  EXPECT_EQ(data_without_secrets(plain), plain);
  EXPECT_EQ(data_without_secrets("my " + kToken + " and sixteen-letters!"), "my ...wxyz and ***");
}

TEST(Secrets, OfDataAreFoundInOnePass) {
  add_secret("seventeen-letters");
  for (const std::string prefix : {"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"}) {
    EXPECT_TRUE(may_hold_secret("a_b " + prefix + "0123456789abcdef_wxyz"));
    EXPECT_EQ(data_without_secrets(prefix + "0123456789abcdef_wxyz"), "...wxyz");
  }
  EXPECT_TRUE(may_hold_secret("x seventeen-letters"));
  for (const std::string data : {"", "_", "hp_", "github_pa", "a_pat_", "seventeen-letter"}) {
    EXPECT_FALSE(may_hold_secret(data)) << data;
  }
}

TEST(Secrets, ACutTextDoesNotKeepHalfOfOne) {
  EXPECT_EQ(printable(std::string(110, 'x') + " " + kToken).find("ghp_"), std::string::npos);
}

}  // namespace
}  // namespace repopipe
