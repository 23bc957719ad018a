#include "tests/simulator/tokens.h"

#include <gtest/gtest.h>

namespace repopipe::simulator {
namespace {

TEST(Tokens, AreAllValidByDefault) {
  Tokens tokens({.bad = {"rotten"}});
  EXPECT_TRUE(tokens.use(""));
  EXPECT_TRUE(tokens.use("Bearer fresh"));
  EXPECT_FALSE(tokens.use("Bearer rotten"));
  EXPECT_FALSE(tokens.use("token rotten"));
  EXPECT_TRUE(tokens.refused("Bearer rotten"));
}

TEST(Tokens, ExpireAfterTheirNumberOfRequests) {
  Tokens tokens({.lifetimes = {{"short", 2}}});
  EXPECT_TRUE(tokens.use("Bearer short"));
  EXPECT_FALSE(tokens.refused("Bearer short"));
  EXPECT_TRUE(tokens.use("Bearer short"));
  EXPECT_TRUE(tokens.refused("Bearer short"));
  EXPECT_FALSE(tokens.use("Bearer short"));
}

TEST(Tokens, OfOneOwnerAreOneOwner) {
  const Tokens tokens({.owners = {{"a", "Octocat"}, {"b", "octocat"}, {"c", "hubot"}}});
  EXPECT_EQ(tokens.owner_key("Bearer a"), tokens.owner_key("token b"));
  EXPECT_NE(tokens.owner_key("Bearer a"), tokens.owner_key("Bearer c"));
  EXPECT_EQ(tokens.owner_login("Bearer a"), "Octocat");
}

TEST(Tokens, WithoutAGivenOwnerEachHaveTheirOwn) {
  const Tokens tokens({});
  EXPECT_EQ(tokens.owner_key(""), "anonymous");
  EXPECT_NE(tokens.owner_key("Bearer a"), tokens.owner_key("Bearer b"));
  EXPECT_NE(tokens.owner_login("Bearer a"), tokens.owner_login("Bearer b"));
  EXPECT_EQ(tokens.owner_login("Bearer secret").find("secret"), std::string::npos);
}

TEST(Tokens, AnnounceTheirEnd) {
  const Tokens tokens({.expirations = {{"a", "2026-12-01 10:00:00 UTC"}}});
  EXPECT_EQ(tokens.expiration("Bearer a"), "2026-12-01 10:00:00 UTC");
  EXPECT_EQ(tokens.expiration("Bearer b"), "");
}

}  // namespace
}  // namespace repopipe::simulator
