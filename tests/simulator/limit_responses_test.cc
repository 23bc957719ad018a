#include "tests/simulator/limit_responses.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace repopipe::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// 2026-09-21 13:33:20 UTC, a Monday.
constexpr Moment kAsked{milliseconds(1'789'997'600'250)};

struct Expected {
  LimitForm form;
  int status;
  std::string retry_after;
  std::string words;
  Moment told;
};

TEST(LimitResponses, HaveGitHubsFiveForms) {
  const LimitTimes times{.now = kAsked, .ends = kAsked + seconds(60), .unnamed = seconds(90)};
  const std::vector<Expected> all = {
      {LimitForm::forbidden_seconds, 403, "60", "secondary rate limit", kAsked + seconds(60)},
      {LimitForm::too_many_seconds, 429, "60", "secondary rate limit", kAsked + seconds(60)},
      {LimitForm::forbidden_date, 403, "Mon, 21 Sep 2026 13:34:21 GMT", "secondary rate limit",
       kAsked + milliseconds(60'750)},
      {LimitForm::plain, 403, "", "secondary rate limit", kAsked + seconds(90)},
      {LimitForm::abuse, 403, "", "abuse detection mechanism", kAsked + seconds(90)},
  };
  for (const Expected& expected : all) {
    const Response response = limit_response(expected.form, times);
    EXPECT_EQ(response.status, expected.status);
    std::string retry_after;
    for (const Header& header : response.headers) {
      if (std::string(header.name) == "Retry-After") retry_after = header.value;
    }
    EXPECT_EQ(retry_after, expected.retry_after);
    const std::string message = nlohmann::json::parse(*response.body)["message"];
    EXPECT_NE(message.find(expected.words), std::string::npos);
    EXPECT_EQ(response.wait->kind, LimitKind::secondary);
    EXPECT_EQ(response.wait->ends, times.ends);
    EXPECT_EQ(response.wait->told, expected.told);
  }
}

TEST(LimitResponses, NeverAskForNoWait) {
  const Response response =
      limit_response(LimitForm::forbidden_seconds, {.now = kAsked, .ends = kAsked});
  EXPECT_EQ(response.headers.back().value, "1");
  EXPECT_EQ(response.wait->told, kAsked + seconds(1));
}

}  // namespace
}  // namespace repopipe::simulator
