#include <gtest/gtest.h>

#include "stages/parse/refusals.h"
#include "stages/providers/github/github.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

// Received at 00:01:00 by this machine's clock.
Response response(Headers headers) {
  return {.headers = std::move(headers), .received_at = WallTime(60s)};
}

TEST(GithubRateLimits, ReadTheWholeQuota) {
  const auto quota = github_rate_limits(response({{"X-RateLimit-Limit", "5000"},
                                                  {"X-RateLimit-Remaining", "4999"},
                                                  {"X-RateLimit-Reset", "3600"}}))
                         .quota;
  ASSERT_TRUE(quota);
  EXPECT_EQ(quota->limit, 5000U);
  EXPECT_EQ(quota->remaining, 4999U);
  EXPECT_EQ(quota->window, 3600);
  EXPECT_EQ(quota->resets_in, 3540s);
}

TEST(GithubRateLimits, ReadNoIncompleteQuota) {
  EXPECT_FALSE(github_rate_limits(response({})).quota);
  EXPECT_FALSE(github_rate_limits(response({{"x-ratelimit-remaining", "1"}})).quota);
  EXPECT_FALSE(github_rate_limits(response({{"x-ratelimit-reset", "3600"}})).quota);
}

TEST(GithubRateLimits, CountByTheServersClock) {
  const RateLimitInfo rate_limits = github_rate_limits(
      response({{"date", "Thu, 01 Jan 1970 01:00:00 GMT"},
                {"x-ratelimit-remaining", "1"},
                {"x-ratelimit-reset", "3610"},
                {"github-authentication-token-expiration", "1970-01-01 02:00:00 UTC"}}));
  EXPECT_EQ(rate_limits.quota->resets_in, 10s);
  EXPECT_EQ(rate_limits.token_ends_in, 1h);
  EXPECT_EQ(rate_limits.wait, std::nullopt);
}

TEST(GithubRateLimits, NeverReturnATimeBeforeNow) {
  const auto quota =
      github_rate_limits(response({{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "0"}}))
          .quota;
  EXPECT_EQ(quota->resets_in, 0s);
}

TEST(RetryAfter, IsAtLeastASecondAndAtMostAWeek) {
  EXPECT_EQ(retry_after(response({{"Retry-After", "120"}})), 120s);
  EXPECT_EQ(retry_after(response({{"Retry-After", "0"}})), 1s);
  EXPECT_EQ(retry_after(response({{"Retry-After", "Thu, 01 Jan 1970 00:01:30 GMT"}})), 30s);
  EXPECT_EQ(retry_after(response({{"Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT"}})), 1s);
  EXPECT_EQ(retry_after(response({{"Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"}})),
            std::nullopt);
  EXPECT_EQ(retry_after(response({{"Retry-After", "604800"}})), 604800s);
  EXPECT_EQ(retry_after(response({{"Retry-After", "604801"}})), std::nullopt);
  EXPECT_EQ(retry_after(response({{"Retry-After", "soon"}})), std::nullopt);
  EXPECT_EQ(retry_after(response({})), std::nullopt);
}

}  // namespace
}  // namespace repopipe
