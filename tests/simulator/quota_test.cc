#include "tests/simulator/quota.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/simulator/start.h"

namespace repopipe::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Quota, AnnouncesAndEnforcesNothingUnlessAsked) {
  Quota quota;
  const QuotaFigures figures = quota.charge("one", Quota::kAnnounced, kStart);
  EXPECT_EQ(figures.limit, Quota::kAnnounced);
  EXPECT_EQ(figures.remaining, 0u);
  EXPECT_FALSE(quota.spent("one", kStart));
}

TEST(Quota, IsPerOwnerAndWindowWhichBeginsWithTheFirstRequest) {
  Quota quota({.limit = 3, .window = milliseconds(1500)});
  EXPECT_FALSE(quota.spent("one", kStart));
  EXPECT_EQ(quota.charge("one", 1, kStart).remaining, 2u);
  EXPECT_EQ(quota.charge("one", 2, kStart + seconds(1)).remaining, 0u);
  EXPECT_TRUE(quota.spent("one", kStart + milliseconds(1499)));
  EXPECT_FALSE(quota.spent("two", kStart));
  EXPECT_FALSE(quota.spent("one", kStart + milliseconds(1500)));
  EXPECT_EQ(quota.charge("one", 1, kStart + seconds(2)).used, 1u);
}

TEST(Quota, RoundsTheEndOfTheWindowUp) {
  Quota quota({.limit = 3, .window = milliseconds(1500)});
  const QuotaFigures figures = quota.charge("one", 1, kStart);
  EXPECT_EQ(figures.ends, kStart + milliseconds(1500));
  EXPECT_EQ(figures.reset, kStart + seconds(2));
}

TEST(Quota, RefusesWith403Or429ByPrincipalAndNamesTheOwner) {
  const QuotaFigures figures{.ends = kStart + milliseconds(100),
                             .reset = std::chrono::sys_seconds(seconds(1'790'000'001))};
  std::set<int> statuses;
  for (int i = 0; i < 20; ++i) {
    const std::string authorization = "Bearer " + std::to_string(i);
    const Response response = over_quota(authorization, 42, figures);
    statuses.insert(response.status);
    EXPECT_EQ(over_quota(authorization, 42, figures).status, response.status);
    EXPECT_EQ(nlohmann::json::parse(*response.body)["message"],
              "API rate limit exceeded for user ID 42.");
    ASSERT_TRUE(response.wait);
    EXPECT_EQ(response.wait->kind, LimitKind::primary);
    EXPECT_EQ(response.wait->ends, figures.ends);
    EXPECT_EQ(response.wait->told, figures.reset);
  }
  EXPECT_EQ(statuses, (std::set{403, 429}));
  EXPECT_NE(over_quota("", 0, figures).body->find("exceeded for 127.0.0.1."), std::string::npos);
}

}  // namespace
}  // namespace repopipe::simulator
