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

// Up to three characters.
TEST(Secrets, OfFourCharactersAreMaskedEverywhere) {
  add_secret("Zq9");
  add_secret("Zk98");
  EXPECT_EQ(without_secrets("Zq9 aZq9 Zq91"), "*** aZq9 Zq91");
  EXPECT_EQ(without_secrets("Zk98 aZk98 Zk981"), "*** a*** ***1");
}

TEST(Secrets, OfSixteenCharactersAreMaskedInData) {
  add_secret("Zj45678901234567");
  add_secret("Zi4567890123456");
  EXPECT_TRUE(may_hold_secret("Zj45678901234567"));
  EXPECT_FALSE(may_hold_secret("Zi4567890123456"));
  EXPECT_EQ(data_without_secrets("Zj45678901234567 Zi4567890123456"), "*** Zi4567890123456");
}

TEST(Secrets, OfGitHubHaveSixteenCharactersBehindTheirPrefix) {
  EXPECT_EQ(data_without_secrets("ghp_0123456789abwxyz"), "...wxyz");
  EXPECT_EQ(data_without_secrets("ghp_0123456789awxyz"), "ghp_0123456789awxyz");
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

TEST(Secrets, UserinfoOfAddressesWithoutASchemeIsNotShown) {
  EXPECT_EQ(without_secrets("is \"//svc:four@host/v3\": expected"),
            "is \"//***@host/v3\": expected");
  EXPECT_EQ(without_secrets("base_url=//five@host"), "base_url=//***@host");
  EXPECT_EQ(without_secrets("(svc:six@host:80)"), "(***@host:80)");
  EXPECT_EQ(without_secrets("--set base_url=svc:p@s/s@host, x"), "--set base_url=***@host, x");
  EXPECT_EQ(without_secrets(":seven@host:1"), "***@host:1");
  add_secrets_of_addresses_in("base_url: \"//svc:eightfold@host\"\nqueue: {q: svc:ninefold@host}");
  EXPECT_EQ(without_secrets("eightfold ninefold"), "*** ***");
}

TEST(Secrets, AddressesWithoutUserinfoStay) {
  for (const std::string text :
       {"https://api.github.com/users/octocat", "http://host:8080/@user", "https://host/a@b",
        "https://host//a@b", "mail me@host", "git@github.com:a/b", "/srv/a@b/job.yaml:3:2: wrong",
        "job.yaml:1:3: \"@a\" is", "a:@", "://", "//", "// a @ b : c"}) {
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

// A proxy's message can quote the header that curl made of user and password.
TEST(Secrets, OfAnAddressAreKnownAsTheyAreSent) {
  struct Sent {
    std::string address, in_base64;
  };
  for (const Sent& each : {Sent{"http://svc:Open%21up@proxy:3128", "c3ZjOk9wZW4hdXA="},
                           Sent{"http://svc:Open%21up@proxy:3128", "c3ZjOk9wZW4lMjF1cA=="},
                           Sent{"svc:word-one@proxy", "c3ZjOndvcmQtb25l"},
                           Sent{"http://:word-two@proxy", "OndvcmQtdHdv"},
                           Sent{"socks5://a-token@proxy", "YS10b2tlbjo="}}) {
    add_secrets_of_address(each.address);
    EXPECT_EQ(without_secrets("bad <" + each.in_base64 + ">"), "bad <***>") << each.address;
    const std::string unpadded = each.in_base64.substr(0, each.in_base64.find('='));
    EXPECT_EQ(without_secrets("bad " + unpadded + "."), "bad ***.") << each.address;
  }
}

TEST(Secrets, WhatFollowsBasicIsMaskedUnlessItIsAWord) {
  for (const std::string text : {"Proxy-Authorization: Basic QWxhZGRpbjpvcGVu",
                                 "basic QWxhZGRpbg==", "{\"message\": \"BASIC  QWxhZGRpbjpvcGVu\"}",
                                 "Basic dTpw dTpwYXNzd29yZA, Basic dTpwYXNz"}) {
    const std::string clean = without_secrets(text);
    EXPECT_EQ(clean.find("QWxh"), std::string::npos) << clean;
    EXPECT_EQ(clean.find("dTpwYXNz,"), std::string::npos) << clean;
    EXPECT_FALSE(clean.ends_with("dTpwYXNz")) << clean;
  }
  for (const std::string text :
       {"Basic authentication is needed", "BASIC AUTHENTICATION", "Basic accounts.", "basic ",
        "WWW-Authenticate: Basic realm=\"GitHub\"", "Basic dTpw"}) {
    EXPECT_EQ(without_secrets(text), text);
  }
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

// Stored data is not changed, except for text that can only be a secret.
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
