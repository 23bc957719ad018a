#include "tests/simulator/fates.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

namespace repopipe::simulator {
namespace {

using Json = nlohmann::json;

Account account(std::uint64_t id) {
  return {.ordinal = id, .id = id, .login = "octocat"};
}

TEST(Fates, AreSharedOutInEqualKinds) {
  const Fates fates(1, {.doomed_percent = 12, .odd_percent = 8});
  std::map<Fate, int> seen;
  int doomed = 0;
  for (std::uint64_t id = 0; id < 10'000; ++id) {
    const auto fate = fates.of(account(id));
    EXPECT_EQ(fates.of(account(id)), fate);
    if (!fate) continue;
    ++seen[*fate];
    doomed += is_doomed(*fate);
  }
  EXPECT_NEAR(doomed, 1200, 110);
  EXPECT_EQ(seen.size(), 8u);
  for (const auto& [fate, count] : seen) {
    EXPECT_NEAR(count, is_doomed(fate) ? 200 : 400, 70) << name_of(fate);
  }
}

TEST(Fates, ApplyToNoAccountByDefault) {
  const Fates fates(1, {});
  for (std::uint64_t id = 0; id < 1000; ++id) EXPECT_FALSE(fates.of(account(id)));
}

TEST(Fates, AnswerAsGitHubDoes) {
  const auto response = [](Fate fate) { return fate_response(fate, account(7)); };
  EXPECT_EQ(response(Fate::server_error).status, 500);
  EXPECT_EQ(response(Fate::html).status, 200);
  EXPECT_EQ(response(Fate::html).headers[0].value, "text/html; charset=utf-8");
  const Json listing = Json::parse(*response(Fate::malformed).body);
  ASSERT_EQ(listing.size(), 1u);
  EXPECT_FALSE(listing[0].contains("id"));
  EXPECT_EQ(listing[0]["full_name"], "octocat/x");
  EXPECT_EQ(response(Fate::blocked_by_law).status, 451);
  EXPECT_EQ(Json::parse(*response(Fate::blocked_by_law).body)["block"]["reason"], "dmca");
  EXPECT_EQ(response(Fate::suspended).status, 403);
  EXPECT_EQ(Json::parse(*response(Fate::suspended).body)["message"],
            "Sorry. Your account was suspended");
  EXPECT_EQ(response(Fate::missing).status, 404);
  EXPECT_EQ(response(Fate::no_content).status, 204);
  EXPECT_EQ(response(Fate::no_content).body, nullptr);
  EXPECT_EQ(response(Fate::empty).status, 409);
  EXPECT_EQ(Json::parse(*response(Fate::empty).body)["message"], "Git Repository is empty.");
}

}  // namespace
}  // namespace repopipe::simulator
