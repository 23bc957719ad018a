#include "stages/link_header.h"

#include <gtest/gtest.h>

namespace repopipe {
namespace {

constexpr std::string_view kGithub =
    "<https://api.github.com/user/50003/repos?per_page=30&page=2>; rel=\"prev\", "
    "<https://api.github.com/user/50003/repos?per_page=30&page=4>; rel=\"next\", "
    "<https://api.github.com/user/50003/repos?per_page=30&page=9>; rel=\"last\", "
    "<https://api.github.com/user/50003/repos?per_page=30&page=1>; rel=\"first\"";

TEST(FindLink, ReadsGithubsForm) {
  EXPECT_EQ(find_link(kGithub, "next"),
            "https://api.github.com/user/50003/repos?per_page=30&page=4");
  EXPECT_EQ(find_link(kGithub, "last"),
            "https://api.github.com/user/50003/repos?per_page=30&page=9");
  EXPECT_EQ(find_link(kGithub, "self"), std::nullopt);
}

TEST(FindLink, TakesOtherParametersQuotesAndCase) {
  EXPECT_EQ(find_link("<a,b>; title=\"x, <y>; rel=last\"; REL=Next , <c>;rel=last", "next"), "a,b");
  EXPECT_EQ(find_link("<a>; title=\"x, y\"; rel=prev , <c> ; rel=last", "last"), "c");
}

TEST(FindLink, FindsNothingInRubbish) {
  for (const char* text : {"", "<", "<>", "<a", "a>; rel=next", ";;;", "<a>;", "<a>; rel"}) {
    EXPECT_EQ(find_link(text, "next"), std::nullopt) << text;
  }
}

TEST(TargetBelow, LeavesOutTheBase) {
  EXPECT_EQ(target_below("https://api.github.com", "https://api.github.com/user/1/repos?page=2"),
            "/user/1/repos?page=2");
  EXPECT_EQ(target_below("https://ghe.example/api/v3", "https://GHE.example:443/api/v3/user/1"),
            "/user/1");
  EXPECT_EQ(target_below("https://api.github.com", "https://api.github.com/user/1/repos#page=2"),
            "/user/1/repos");
}

TEST(TargetBelow, RefusesAnotherPlace) {
  for (const char* url :
       {"http://api.github.com/user/1", "https://api.github.com.evil.example/user/1",
        "https://api.github.com:444/user/1", "https://user@api.github.com/user/1", "/user/1",
        "https://api.github.com", "ftp://api.github.com/user"}) {
    EXPECT_EQ(target_below("https://api.github.com", url), std::nullopt) << url;
  }
  EXPECT_EQ(target_below("https://ghe.example/api/v3", "https://ghe.example/api/v33/user"),
            std::nullopt);
  for (const char* url : {"https://ghe.example/api/v3/../../x", "https://ghe.example/api/v3/x/..",
                          "https://ghe.example/api/v3/..?page=2"}) {
    EXPECT_EQ(target_below("https://ghe.example/api/v3", url), std::nullopt) << url;
  }
}

TEST(PageOf, ReadsTheParameter) {
  EXPECT_EQ(page_of("/user/1/repos?per_page=100&page=30"), 30);
  EXPECT_EQ(page_of("/user/1/repos?page=2&per_page=100"), 2);
  for (const char* target : {"/x", "/x?per_page=3", "/x?page=", "/x?page=0", "/x?page=-1",
                             "/x?page=2x", "/x?page=99999999999"}) {
    EXPECT_EQ(page_of(target), std::nullopt) << target;
  }
}

TEST(WithPage, ChangesTheParameterAlone) {
  EXPECT_EQ(with_page("/user/1/repos?per_page=100&page=2&sort=x", 17),
            "/user/1/repos?per_page=100&page=17&sort=x");
  EXPECT_EQ(with_page("/user/1/repos?page=2", 3), "/user/1/repos?page=3");
}

}  // namespace
}  // namespace repopipe
