// Properties of every response: only a complete page is a page, and no request leaves the API.
#include <curl/curl.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "stages/parse/inflate.h"
#include "stages/parse/mend_json.h"
#include "tests/stages/fetch/deal.h"
#include "tests/stages/providers/github/random_responses.h"
#include "tests/testing/sanitized.h"

namespace repopipe {
namespace {

using testing::Asked;
using Json = nlohmann::json;

constexpr Duration kLongest = std::chrono::days(7) + std::chrono::seconds(1);
constexpr int kMostRepositories = 200'000;

// What a reader other than ours makes of the body; discarded when it is not JSON.
Json body_of(const Response& response) {
  Inflater inflater;
  const auto body =
      inflater.inflate(response.body, response.headers.find("content-encoding"), Bytes{1 << 20});
  const std::string_view text = body ? body->text : "";
  return Json::parse(mend_surrogates(mend_json(text).value_or(std::string(text))), nullptr, false);
}

bool is_repository(const Json& record) {
  const auto has_text = [](const Json& object, const char* key) {
    return object.contains(key) && object[key].is_string();
  };
  const auto has_number = [](const Json& object, const char* key) {
    return object.contains(key) && object[key].is_number_integer();
  };
  return record.is_object() && has_number(record, "id") && has_text(record, "name") &&
         has_text(record, "full_name") && record.contains("owner") &&
         has_number(record["owner"], "id") && has_text(record["owner"], "login");
}

void check_page(const Page& page, const Response& response) {
  if (response.status != 200 && response.status != 203) {
    EXPECT_EQ(page.rows.rows(), 0U);
    return;
  }
  const Json json = body_of(response);
  ASSERT_TRUE(json.is_array()) << response.body;
  std::size_t row = 0;
  for (const Json& record : json) {
    if (record.is_null() || !is_repository(record)) continue;
    EXPECT_EQ(std::get<std::int64_t>(page.rows.at(row, 0)), record["id"].get<std::int64_t>());
    ++row;
  }
  EXPECT_EQ(page.rows.rows(), row);
  EXPECT_EQ(row + static_cast<std::size_t>(page.skipped), json.size());
}

void check_follow_ups(const std::vector<Request>& follow_ups, Asked asked) {
  const int most = kMostRepositories / (asked == Asked::full_page ? 1 : 100) + 1;
  int page = testing::task_for(asked).request.last_announced;
  for (const Request& request : follow_ups) {
    EXPECT_TRUE(request.target.starts_with('/')) << request.target;
    EXPECT_EQ(request.page, ++page);
    EXPECT_EQ(request.last_announced, follow_ups.back().page);
    EXPECT_LE(request.page, most);
  }
}

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  curl_url_get(url, part, &text, CURLU_DEFAULT_PORT);
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
  return text == nullptr ? "" : text;
}

// As libcurl parses the address.
void check_target(const std::string& target, Asked asked) {
  const bool is_enterprise = asked == Asked::enterprise;
  const std::string base = is_enterprise ? "https://ghe.example/api/v3" : "https://api.github.com";
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), &curl_url_cleanup);
  EXPECT_TRUE(target.starts_with('/')) << target;
  ASSERT_EQ(curl_url_set(url.get(), CURLUPART_URL, (base + target).c_str(), 0), CURLUE_OK)
      << target;
  EXPECT_EQ(part_of(url.get(), CURLUPART_SCHEME), "https");
  EXPECT_EQ(part_of(url.get(), CURLUPART_HOST), is_enterprise ? "ghe.example" : "api.github.com");
  EXPECT_EQ(part_of(url.get(), CURLUPART_PORT), "443");
  EXPECT_EQ(part_of(url.get(), CURLUPART_USER), "");
  EXPECT_TRUE(part_of(url.get(), CURLUPART_PATH).starts_with(is_enterprise ? "/api/v3/" : "/"));
}

void check_signals(const RateLimitInfo& rate_limits) {
  if (rate_limits.wait) {
    EXPECT_GE(*rate_limits.wait, Duration{});
    EXPECT_LE(*rate_limits.wait, kLongest);
  }
  if (rate_limits.quota) {
    EXPECT_GE(rate_limits.quota->resets_in, Duration{});
    EXPECT_LE(rate_limits.quota->resets_in, kLongest);
  }
}

// The name of what was checked.
std::string check(const TaskResult& task_result, const Response& response, Asked asked) {
  check_signals(task_result.rate_limits);
  if (!task_result.result) {
    EXPECT_FALSE(task_result.result.error().message.empty());
    EXPECT_FALSE(task_result.log.error.empty());
    return task_result.rate_limits.wait ? "wait" : task_result.log.outcome;
  }
  if (const auto* moved = std::get_if<Redirect>(&*task_result.result)) {
    check_target(moved->target, asked);
    return "moved";
  }
  if (const auto* account = std::get_if<Account>(&*task_result.result)) {
    const Json json = body_of(response);
    EXPECT_TRUE(json.is_object()) << response.body;
    EXPECT_EQ(account->id, json.value("id", std::int64_t{0}));
    EXPECT_EQ(account->login, json.value("login", ""));
    return "account";
  }
  const auto& listed = std::get<PageRead>(*task_result.result);
  check_page(listed.page, response);
  check_follow_ups(listed.follow_ups, asked);
  if (listed.page.state == PageState::not_modified) return "unchanged";
  return listed.follow_ups.empty() ? task_result.log.outcome : "followed";
}

constexpr int kResponses = is_sanitized() ? 15'000 : 30'000;

TEST(GithubProvider, KeepsItsPromisesWhateverComes) {
  testing::RandomResponses responses(20331805);
  std::map<std::string, int> seen;
  for (int i = 0; i < kResponses && !HasFailure(); ++i) {
    const auto asked =
        static_cast<Asked>(responses.below(static_cast<std::size_t>(Asked::owner) + 1));
    const Response response = responses.next();
    ++seen[check(testing::deal(asked, response), response, asked)];
  }
  for (const char* word :
       {"ok", "followed", "unchanged", "moved", "account", "wait", "malformed", "transport",
        "bad_record", "server_error", "unexpected_status", "blocked", "throttled", "not_found"}) {
    EXPECT_GT(seen[word], 0) << word;
  }
}

}  // namespace
}  // namespace repopipe
