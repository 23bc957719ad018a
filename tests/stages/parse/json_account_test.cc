#include "stages/parse/json_account.h"

#include <gtest/gtest.h>

#include "stages/parse/json_value.h"

namespace repopipe {
namespace {

Result<Account> read(const std::string& json) {
  JsonScratch scratch;
  const simdjson::padded_string padded(json);
  return read_account({std::string_view(padded), json.size() + simdjson::SIMDJSON_PADDING},
                      JsonNames{}, scratch);
}

TEST(ReadAccount, TakesNumberAndLoginInAnyOrder) {
  for (const char* json :
       {R"({"login":"octocat","id":5000000000,"plan":{"x":[1]}})",
        R"({"id":5000000000,"login":"octocat"})",
        R"( {"id":1,"id":5000000000,"l\u00f6":"\ud83d","login":"octoca\u0074"} )"}) {
    const auto account = read(json);
    ASSERT_TRUE(account) << json;
    EXPECT_EQ(account->id, 5'000'000'000);
    EXPECT_EQ(account->login, "octocat");
  }
}

TEST(ReadAccount, RefusesEverythingElse) {
  for (const char* json :
       {"", "[]", "null", "{}", R"({"id":7})", R"({"login":"a"})", R"({"id":"7","login":"a"})",
        R"({"id":7.5,"login":"a"})", R"({"id":0,"login":"a"})", R"({"id":-7,"login":"a"})",
        R"({"id":7,"login":null})", R"({"id":7,"login":""})", R"({"id":7,"login":"a"} x)",
        R"({"id":7,"login":"a")", R"({"id":7,"login":"a","x":nul})", R"([{"id":7,"login":"a"}])"}) {
    const auto account = read(json);
    ASSERT_FALSE(account) << json;
    EXPECT_EQ(account.error(),
              (Failure{FailureKind::malformed, "expected a JSON object with id and login"}));
  }
}

}  // namespace
}  // namespace repopipe
