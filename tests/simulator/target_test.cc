#include "tests/simulator/target.h"

#include <gtest/gtest.h>

namespace repopipe::simulator {
namespace {

TEST(Target, ReadsAListingByLogin) {
  const auto target =
      parse_target("/users/Octo%2Dcat/repos?type=owner&per_page=50&page=3&sort=full_name");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->kind, PageKind::listing);
  EXPECT_EQ(std::get<std::string>(target->account), "Octo-cat");
  EXPECT_EQ(target->page, 3u);
  EXPECT_EQ(target->per_page, 50u);
  EXPECT_EQ(target->parameters, "type=owner&per_page=50&sort=full_name");
}

TEST(Target, ReadsAListingById) {
  const auto target = parse_target("/user/50003/repos");
  ASSERT_TRUE(target);
  EXPECT_EQ(std::get<std::uint64_t>(target->account), 50003u);
  EXPECT_EQ(target->page, 1u);
  EXPECT_EQ(target->per_page, 30u);
}

TEST(Target, ReadsAnAccount) {
  EXPECT_EQ(parse_target("/users/octocat")->kind, PageKind::account);
  EXPECT_EQ(parse_target("/user/50003")->kind, PageKind::account);
}

TEST(Target, DecodesWhatIsEncodedAndLeavesTheRest) {
  const auto login = [](std::string_view text) {
    return std::get<std::string>(parse_target(text)->account);
  };
  EXPECT_EQ(login("/users/app%5Bbot%5d/repos"), "app[bot]");
  EXPECT_EQ(login("/users/50%/repos"), "50%");
  EXPECT_EQ(login("/users/5%zz/repos"), "5%zz");
  EXPECT_EQ(login("/users/%41%"), "A%");
}

TEST(Target, ReplacesWhatMakesNoSenseByTheDefault) {
  EXPECT_EQ(parse_target("/users/a/repos?per_page=1000")->per_page, 100u);
  for (const char* value : {"0", "-1", "", "ten", "1e2"}) {
    const auto target =
        parse_target(std::string("/users/a/repos?per_page=") + value + "&page=" + value);
    EXPECT_EQ(target->per_page, 30u) << value;
    EXPECT_EQ(target->page, 1u) << value;
  }
}

TEST(Target, KnowsNothingElse) {
  for (const char* text : {"", "/", "/users", "/users/", "/users//repos", "/user/octocat/repos",
                           "/users/a/repos/b", "/users/a/orgs", "/rate_limit", "users/a/repos",
                           "/user/99999999999999999999999", "?page=2"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

}  // namespace
}  // namespace repopipe::simulator
