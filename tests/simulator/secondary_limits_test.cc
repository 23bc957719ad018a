#include "tests/simulator/secondary_limits.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/simulator/start.h"

namespace repopipe::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kPrincipal = "Bearer one";

Moment at(milliseconds time) {
  return kStart + time;
}

std::string retry_after(const Response& response) {
  for (const Header& header : response.headers) {
    if (std::string(header.name) == "Retry-After") return header.value;
  }
  return "";
}

// A principal that exceeded its limit of one request per minute and was told so at once.
class Limited : public testing::Test {
 protected:
  explicit Limited(SecondarySettings settings = {.max_per_minute = 1, .ban_after = 3})
      : limits_(1, settings) {
    limits_.arrive(kPrincipal, at(milliseconds(0)));
    told_ = limits_.refusal(kPrincipal, limits_.arrive(kPrincipal, kStart), kStart);
  }
  Standing ask(milliseconds time, const char* principal = kPrincipal) {
    return limits_.arrive(principal, at(time));
  }

  SecondaryLimits limits_;
  Response told_;
};

TEST(SecondaryLimits, AreOffByDefault) {
  SecondaryLimits limits(1, {});
  for (int i = 0; i < 10'000; ++i) EXPECT_FALSE(limits.arrive(kPrincipal, kStart).refused());
}

TEST(SecondaryLimits, HoldForRequestsInFlightOfOnePrincipal) {
  SecondaryLimits limits(1, {.max_concurrent = 2});
  EXPECT_EQ(limits.arrive(kPrincipal, kStart).over, Limit::none);
  EXPECT_EQ(limits.arrive(kPrincipal, kStart).over, Limit::none);
  EXPECT_EQ(limits.arrive(kPrincipal, kStart).over, Limit::concurrent);
  EXPECT_EQ(limits.arrive("Bearer two", kStart).over, Limit::none);
  limits.leave(kPrincipal, kStart, at(milliseconds(1)));
  limits.leave(kPrincipal, kStart, at(milliseconds(1)));
  EXPECT_EQ(limits.arrive(kPrincipal, at(milliseconds(2))).over, Limit::none);
}

TEST(SecondaryLimits, HoldForRequestsInAMinute) {
  SecondaryLimits limits(1, {.max_per_minute = 2, .minute = milliseconds(200)});
  limits.arrive(kPrincipal, at(milliseconds(0)));
  limits.arrive(kPrincipal, at(milliseconds(100)));
  EXPECT_EQ(limits.arrive(kPrincipal, at(milliseconds(199))).over, Limit::per_minute);
  EXPECT_EQ(limits.arrive(kPrincipal, at(milliseconds(399))).over, Limit::none);
}

TEST(SecondaryLimits, HoldForTheTimeResponsesTookInAMinute) {
  SecondaryLimits limits(1, {.max_response_seconds = 1.5});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(limits.arrive(kPrincipal, at(seconds(i))).over, Limit::none);
    limits.leave(kPrincipal, at(seconds(i)), at(milliseconds(1000 * i + 600)));
  }
  EXPECT_EQ(limits.arrive(kPrincipal, at(seconds(3))).over, Limit::response_seconds);
  EXPECT_EQ(limits.arrive(kPrincipal, at(milliseconds(60'600))).over, Limit::none);
}

TEST_F(Limited, PutsThePrincipalUnderAWaitFromTheResponseOn) {
  EXPECT_TRUE(ask(seconds(59)).waiting);
  EXPECT_FALSE(ask(seconds(59), "Bearer two").refused());
  EXPECT_FALSE(ask(seconds(120)).refused());
}

TEST_F(Limited, AnswersAgainWithWhatIsLeftOfTheWait) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const Response response =
        limits_.refusal(kPrincipal, {.waiting = true}, at(milliseconds(20'500)));
    EXPECT_EQ(response.wait->ends, told_.wait->ends);
    const std::string header = retry_after(response);
    seen.insert(header.ends_with("GMT") ? "date" : header);
  }
  EXPECT_EQ(seen, (std::set<std::string>{"", "40", "date"}));
}

TEST_F(Limited, BansWhoAsksOnDuringWaits) {
  EXPECT_TRUE(ask(milliseconds(99)).waiting);  // sent before the response was read
  for (int i = 0; i < 3; ++i) {
    const Standing standing = ask(seconds(1 + i));
    EXPECT_TRUE(standing.waiting);
    EXPECT_FALSE(standing.banned);
  }
  const Standing after = ask(std::chrono::hours(24));
  EXPECT_TRUE(after.banned);
  const Response response = limits_.refusal(kPrincipal, after, at(std::chrono::hours(24)));
  EXPECT_EQ(response.status, 403);
  EXPECT_NE(response.body->find("abuse detection mechanism and have been banned"),
            std::string::npos);
  EXPECT_FALSE(response.wait);
}

TEST(SecondaryLimits, AskForAtLeastASecondInForms) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SecondaryLimits limits(seed, {.max_concurrent = 1, .minute = milliseconds(200)});
    const Response response = limits.refusal(kPrincipal, {.over = Limit::concurrent}, kStart);
    const bool named = !retry_after(response).empty();
    EXPECT_EQ(response.wait->ends, kStart + (named ? milliseconds(1000) : milliseconds(200)));
    EXPECT_EQ(response.wait->told, response.wait->ends);
  }
}

TEST(SecondaryLimits, AreFeltForASecondOnAWhim) {
  SecondaryLimits limits(1, {});
  EXPECT_EQ(retry_after(limits.whim(kPrincipal, kStart)), "1");
  EXPECT_TRUE(limits.arrive(kPrincipal, at(milliseconds(999))).waiting);
  EXPECT_FALSE(limits.arrive("Bearer two", at(milliseconds(999))).waiting);
  for (int i = 0; i < 20; ++i) {
    const Response response = limits.refusal(kPrincipal, {.waiting = true}, at(milliseconds(999)));
    EXPECT_EQ(retry_after(response), "1");
  }
  EXPECT_FALSE(limits.arrive(kPrincipal, at(milliseconds(1000))).waiting);
}

}  // namespace
}  // namespace repopipe::simulator
