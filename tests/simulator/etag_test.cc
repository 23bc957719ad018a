#include "tests/simulator/etag.h"

#include <gtest/gtest.h>

#include <set>

namespace repopipe::simulator {
namespace {

TEST(ETag, DiffersByBodyAcceptAndAuthorizationOnly) {
  const std::set<std::string> different = {
      entity_tag(1, {}), entity_tag(2, {}), entity_tag(1, {.accept = "application/json"}),
      entity_tag(1, {.authorization = "Bearer a"}), entity_tag(1, {.authorization = "token a"})};
  EXPECT_EQ(different.size(), 5u);
  EXPECT_EQ(entity_tag(1, {.target = "/x", .user_agent = "u", .accept_encoding = "gzip"}),
            entity_tag(1, {}));
  EXPECT_TRUE(different.begin()->starts_with("W/\""));
}

TEST(ETag, IsListedOnlyExactly) {
  const std::string etag = "W/\"abc\"";
  for (const char* field : {"W/\"abc\"", "\"x\", W/\"abc\"", "W/\"abc\" , \"x\"", "*"}) {
    EXPECT_TRUE(lists(field, etag)) << field;
  }
  for (const char* field : {"", "\"abc\"", "W/abc", "W/\"abcd\"", "W/\"ab\", \"c\"", ","}) {
    EXPECT_FALSE(lists(field, etag)) << field;
  }
}

}  // namespace
}  // namespace repopipe::simulator
