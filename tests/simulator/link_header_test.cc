#include "tests/simulator/link_header.h"

#include <gtest/gtest.h>

namespace repopipe::simulator {
namespace {

std::string links(std::string_view target, std::uint64_t last) {
  return link_header("https://api.github.com", 50003, *parse_target(target), last);
}

// The expected texts are GitHub's for kohsuke in 2019, except for the number of the last page.
TEST(LinkHeader, IsGitHubsOnTheFirstPage) {
  EXPECT_EQ(links("/users/kohsuke/repos?per_page=30", 9),
            "<https://api.github.com/user/50003/repos?per_page=30&page=2>; rel=\"next\", "
            "<https://api.github.com/user/50003/repos?per_page=30&page=9>; rel=\"last\"");
}

TEST(LinkHeader, IsGitHubsOnAMiddlePage) {
  EXPECT_EQ(links("/user/50003/repos?per_page=30&page=2", 9),
            "<https://api.github.com/user/50003/repos?per_page=30&page=1>; rel=\"prev\", "
            "<https://api.github.com/user/50003/repos?per_page=30&page=3>; rel=\"next\", "
            "<https://api.github.com/user/50003/repos?per_page=30&page=9>; rel=\"last\", "
            "<https://api.github.com/user/50003/repos?per_page=30&page=1>; rel=\"first\"");
}

TEST(LinkHeader, HasNeitherNextNorLastOnTheLastPage) {
  EXPECT_EQ(links("/user/50003/repos?per_page=30&page=9", 9),
            "<https://api.github.com/user/50003/repos?per_page=30&page=8>; rel=\"prev\", "
            "<https://api.github.com/user/50003/repos?per_page=30&page=1>; rel=\"first\"");
}

TEST(LinkHeader, PointsBackToTheLastPageFromBeyondIt) {
  EXPECT_EQ(links("/user/50003/repos?per_page=30&page=99", 9),
            "<https://api.github.com/user/50003/repos?per_page=30&page=9>; rel=\"prev\", "
            "<https://api.github.com/user/50003/repos?per_page=30&page=9>; rel=\"last\", "
            "<https://api.github.com/user/50003/repos?per_page=30&page=1>; rel=\"first\"");
}

TEST(LinkHeader, IsAbsentWhenThereIsOnePage) {
  EXPECT_EQ(links("/users/kohsuke/repos?per_page=30", 1), "");
}

TEST(LinkHeader, RepeatsTheParametersAsTheyCame) {
  EXPECT_EQ(links("/users/kohsuke/repos?type=owner&sort=full_name&page=2&per_page=100", 2),
            "<https://api.github.com/user/50003/repos"
            "?type=owner&sort=full_name&per_page=100&page=1>; rel=\"prev\", "
            "<https://api.github.com/user/50003/repos"
            "?type=owner&sort=full_name&per_page=100&page=1>; rel=\"first\"");
  EXPECT_EQ(links("/users/kohsuke/repos", 2),
            "<https://api.github.com/user/50003/repos?page=2>; rel=\"next\", "
            "<https://api.github.com/user/50003/repos?page=2>; rel=\"last\"");
}

}  // namespace
}  // namespace repopipe::simulator
