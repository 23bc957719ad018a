#include "tests/pipeline/workers/executor_contract.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <ctime>
#include <map>

#include "stages/providers/github/github.h"
#include "tests/e2e/gated_api.h"
#include "tests/testing/http_server.h"

namespace repopipe {

using namespace testing;
using e2e::GatedApi;
using ::testing::HasSubstr;

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ExecutorContract);

void ExecutorContract::open(const std::string& base_url, int concurrency,
                            const std::vector<std::string>& tokens) {
  const WorkSettings settings{.provider = "github",
                              .base_url = base_url,
                              .concurrency = concurrency,
                              .max_body = Bytes{1 << 20}};
  place = GetParam().make(settings, tokens);
}

TaskResult ExecutorContract::settled(Task task) {
  Home own;
  testing::submit(executor(), std::move(task), own.door());
  return own.wait_for(1).at(0);
}

namespace {

const Page& page_of(const TaskResult& task_result) {
  return std::get<PageRead>(*task_result.result).page;
}

std::string response_to(const std::string& head) {
  const auto asks_for = [&](const char* login) {
    return head.find(std::string("/users/") + login + "/") != head.npos;
  };
  if (asks_for("missing")) return response("404 Not Found", "", R"({"message":"Not Found"})");
  if (asks_for("outage")) return response("200 OK", "", "<html>");
  if (asks_for("busy")) return response("502 Bad Gateway", "", "");
  if (asks_for("cut")) return {};
  if (asks_for("broken")) return response("200 OK", "", R"([{"id":"one"}])");
  if (asks_for("moved")) {
    return response("301 Moved Permanently", "Location: /user/7/repos\r\n", "{}");
  }
  return response("200 OK", "", "[]");
}

}  // namespace

TEST_P(ExecutorContract, CompletesEveryTaskOnceWithItsPage) {
  GatedApi api(1000);
  open(api.base_url(), 6);
  submit_many(executor(), home, 200);
  const auto all = home.wait_for(200);
  EXPECT_EQ(ids_of(all), ids(1, 200));
  for (const TaskResult& each : all) {
    const auto& rows = page_of(each).rows;
    ASSERT_EQ(rows.rows(), 1U);
    const auto name = std::ranges::find(rows.fields(), "full_name", &Field::column);
    const auto column = static_cast<std::size_t>(name - rows.fields().begin());
    EXPECT_EQ(std::get<std::string_view>(rows.at(0, column)), each.task.login + "/hello");
  }
  EXPECT_EQ(api.asked().size(), 200U);
  place->close();
  EXPECT_EQ(home.count(), 200U);
}

TEST_P(ExecutorContract, ReturnsATaskUnchanged) {
  GatedApi api(1000);
  open(api.base_url(), 1);
  Task task = task_of(7, "octocat");
  task.request.page = 3;
  task.request.last_announced = 4;
  task.attempt = 2;
  task.was_refused = task.was_missing = true;
  task.generation = 5;
  task.losses = 6;
  task.crashes = 1;
  task.sent = SystemClock().now();
  const TaskResult home_again = settled(task);
  EXPECT_EQ(home_again.task, task);
  EXPECT_EQ(home_again.log.page, 3);
  EXPECT_EQ(home_again.log.attempt, 2);
  EXPECT_EQ(home_again.log.status, 200);
  EXPECT_EQ(home_again.log.outcome, "ok");
  EXPECT_EQ(home_again.log.http_version, "1.1");
  EXPECT_GT(home_again.log.bytes, 100U);
  EXPECT_GT(home_again.log.timing.total, Duration{});
  EXPECT_GT(home_again.log.timing.started_at, WallTime{});
  EXPECT_GT(home_again.parse, Duration{});
  EXPECT_GE(home_again.queued, Duration{});
  EXPECT_EQ(page_of(home_again).number, 3);
}

TEST_P(ExecutorContract, LogsEachRequest) {
  HttpServer server(response_to);
  open(server.base_url(), 4);
  const std::map<std::string, FailureKind> expected{{"missing", FailureKind::not_found},
                                                    {"outage", FailureKind::malformed},
                                                    {"busy", FailureKind::server_error},
                                                    {"cut", FailureKind::transport},
                                                    {"broken", FailureKind::bad_record}};
  for (const auto& [login, kind] : expected) {
    const TaskResult task_result = settled(task_of(1, login));
    ASSERT_FALSE(task_result.result) << login;
    EXPECT_EQ(task_result.result.error().kind, kind) << task_result.result.error().message;
    EXPECT_EQ(task_result.log.outcome, policy_of(kind).name);
    EXPECT_EQ(task_result.result.error().message, login + " page 1: " + task_result.log.error);
  }
  EXPECT_EQ(std::get<Redirect>(*settled(task_of(1, "moved")).result).target, "/user/7/repos");
  EXPECT_EQ(page_of(settled(task_of(1, "empty"))).rows.rows(), 0U);
}

TEST_P(ExecutorContract, FailsAsConnectWhenNobodyListens) {
  std::string gone;
  {
    HttpServer server(response_to);
    gone = server.base_url();
  }
  open(gone, 2);
  EXPECT_EQ(settled(task_of(1)).result.error().kind, FailureKind::connect);
}

TEST_P(ExecutorContract, BringsFollowUpsSignalsAndValidators) {
  const auto in_an_hour = std::time(nullptr) + 3600;
  HttpServer server([in_an_hour](const std::string&) {
    return response("200 OK",
                    "ETag: W/\"a\"\r\nX-RateLimit-Limit: 5000\r\nX-RateLimit-Remaining: 4321\r\n"
                    "X-RateLimit-Reset: " +
                        std::to_string(in_an_hour) +
                        "\r\n"
                        "Link: </users/u1/repos?per_page=100&page=2>; rel=\"next\", "
                        "</users/u1/repos?per_page=100&page=4>; rel=\"last\"\r\n",
                    "[]");
  });
  open(server.base_url(), 1);
  const TaskResult task_result = settled(task_of(1));
  ASSERT_TRUE(task_result.result) << task_result.result.error().message;
  const auto& listed = std::get<PageRead>(*task_result.result);
  std::vector<int> pages;
  for (const Request& request : listed.follow_ups) pages.push_back(request.page);
  EXPECT_EQ(pages, (std::vector{2, 3, 4}));
  EXPECT_EQ(listed.page.validator.etag, "W/\"a\"");
  ASSERT_TRUE(task_result.rate_limits.quota);
  EXPECT_EQ(task_result.rate_limits.quota->remaining, 4321U);
}

TEST_P(ExecutorContract, KeepsAPageThatHasNotChanged) {
  HttpServer server([](const std::string& head) {
    const bool knows = head.find("If-None-Match: \"a\"\r\n") != head.npos;
    return knows ? response("304 Not Modified", "", "") : response("200 OK", "", "[]");
  });
  open(server.base_url(), 1);
  Task known = task_of(1);
  known.request.etag = "\"a\"";
  const TaskResult kept = settled(known);
  ASSERT_TRUE(kept.result) << kept.result.error().message;
  EXPECT_EQ(page_of(kept).state, PageState::not_modified);
  EXPECT_EQ(kept.log.outcome, "unchanged");
}

TEST_P(ExecutorContract, SendsTheTokenOfThePrincipal) {
  HttpServer server(response_to);
  open(server.base_url(), 2, {"token-of-one", "token-of-two"});
  for (const std::uint32_t principal : {0U, 1U}) {
    Task task = task_of(1);
    task.principal = principal;
    settled(task);
  }
  EXPECT_THAT(server.requests().at(0), HasSubstr("Authorization: Bearer token-of-one\r\n"));
  EXPECT_THAT(server.requests().at(1), HasSubstr("Authorization: Bearer token-of-two\r\n"));
}

// A target that came by way of a queue may be anybody's.
TEST_P(ExecutorContract, LeavesTheTokenWithItsHost) {
  HttpServer server(response_to), stranger(response_to);
  open(server.base_url(), 2, {"token-of-one"});
  Task task = task_of(1);
  task.request.target = "@" + stranger.base_url().substr(std::string("http://").size()) + "/x";
  task.request.etag = "\"a\"\r\nX-Injected: yes";
  settled(task);
  EXPECT_EQ(stranger.requests().size(), 0U);
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_THAT(server.requests().at(0), HasSubstr("GET /@127.0.0.1"));
  EXPECT_THAT(server.requests().at(0), ::testing::Not(HasSubstr("X-Injected")));
}

TEST_P(ExecutorContract, MakesNoMoreExchangesThanItMay) {
  constexpr int kConcurrency = 4;
  const CrowdedApi api(kConcurrency);
  open(api.base_url(), kConcurrency);
  submit_many(executor(), home, 200);
  EXPECT_EQ(ids_of(home.wait_for(200)), ids(1, 200));
  EXPECT_EQ(api.most(), kConcurrency);
}

TEST_P(ExecutorContract, CancelsQueuedTasksAndContinues) {
  GatedApi api(0);
  open(api.base_url(), 2);
  submit_many(executor(), home, 40);
  api.wait_until_held(2);
  executor().cancel_queued();
  EXPECT_EQ(ids_of(home.wait_for(38), FailureKind::cancelled).size(), 38U);
  api.open();
  EXPECT_EQ(ids_of(home.wait_for(40)).size(), 2U);
  submit_many(executor(), home, 10, 100);
  EXPECT_EQ(ids_of(home.wait_for(50)).size(), 12U);
}

}  // namespace repopipe
