#include <gtest/gtest.h>

#include "stages/parse/paging.h"

namespace repopipe {
namespace {

constexpr std::string_view kGithubUrl =
    "<https://api.github.com/user/50003/repos?per_page=30&page=2>; rel=\"prev\", "
    "<https://api.github.com/user/50003/repos?per_page=30&page=4>; rel=\"next\", "
    "<https://api.github.com/user/50003/repos?per_page=30&page=9>; rel=\"last\", "
    "<https://api.github.com/user/50003/repos?per_page=30&page=1>; rel=\"first\"";

TEST(FindLink, ReadsGithubsForm) {
  EXPECT_EQ(find_link(kGithubUrl, "next"),
            "https://api.github.com/user/50003/repos?per_page=30&page=4");
  EXPECT_EQ(find_link(kGithubUrl, "last"),
            "https://api.github.com/user/50003/repos?per_page=30&page=9");
  EXPECT_EQ(find_link(kGithubUrl, "self"), std::nullopt);
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

TEST(FindLink, TakesOneOfSeveralRelations) {
  EXPECT_EQ(find_link("<a>; rel=\"prev first\", <b>; rel=\"last  NEXT\"", "next"), "b");
  EXPECT_EQ(find_link("<a>; rel=\"nextlast\", <b>; rel=\"x-next\"", "next"), std::nullopt);
}

TEST(QueryNumber, ReadsTheParameter) {
  EXPECT_EQ(query_number("/user/1/repos?per_page=100&page=30", "page"), 30);
  EXPECT_EQ(query_number("/user/1/repos?per_page=100&page=30", "per_page"), 100);
  EXPECT_EQ(query_number("/user/1/repos?page=2&per_page=100", "page"), 2);
  for (const char* target : {"/x", "/x?per_page=3", "/x?page=", "/x?page=0", "/x?page=-1",
                             "/x?page=2x", "/x?page=99999999999"}) {
    EXPECT_EQ(query_number(target, "page"), std::nullopt) << target;
  }
}

TEST(WithQueryNumber, ChangesTheParameterAlone) {
  EXPECT_EQ(with_query_number("/user/1/repos?per_page=100&page=2&sort=x", "page", 17),
            "/user/1/repos?per_page=100&page=17&sort=x");
  EXPECT_EQ(with_query_number("/user/1/repos?page=2", "page", 3), "/user/1/repos?page=3");
  EXPECT_EQ(with_query_number("/user/1/repos", "page", 3), "/user/1/repos?page=3");
  EXPECT_EQ(with_query_number("/user/1/repos?per_page=9", "page", 3),
            "/user/1/repos?per_page=9&page=3");
}

}  // namespace
}  // namespace repopipe
