#include "stages/parse/parse.h"

#include <gtest/gtest.h>

#include "stages/parse/rest.h"
#include "stages/providers/github/github.h"
#include "tests/testing/gzip.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPage =
    R"([null,{"id":1,"name":"hello","full_name":"octocat/hello","owner":{"id":7,"login":"octocat"}}])";

class FixedClock final : public Clock {
 public:
  Time now() const override { return Time{} + 1min; }
  WallTime wall() const override { return WallTime{}; }
};

std::shared_ptr<PendingTask> task(Task task) {
  return std::make_shared<PendingTask>(std::move(task));
}

FetchResult fetched(int status, std::string body, Headers headers = {}) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  response.wire_bytes = 321;
  response.http_version = "2";
  return {.task = task({.id = 3,
                        .login = "octocat",
                        .request = {.page = 2, .last_announced = 2},
                        .attempt = 4,
                        .sent = Time{} + 50s}),
          .response = std::move(response),
          .timing = {.started = Time{} + 51s, .total = 6s}};
}

TaskResult complete(const FetchResult& response, Bytes limit = Bytes{1 << 20}) {
  const RestProtocol provider(kGithub, {"https://api.github.com", 100});
  ParseScratch scratch;
  return parse_response(response, provider, limit, FixedClock(), scratch);
}

TEST(ParseResponse, TurnsAPageIntoRecords) {
  const TaskResult task_result =
      complete(fetched(200, testing::gzip(kPage), {{"Content-Encoding", "gzip"}}));
  ASSERT_TRUE(task_result.result);
  const auto& listed = std::get<PageRead>(*task_result.result);
  EXPECT_EQ(listed.page.number, 2);
  EXPECT_EQ(listed.page.rows.rows(), 1U);
  EXPECT_EQ(listed.page.skipped, 1);
  EXPECT_TRUE(listed.follow_ups.empty());
}

TEST(ParseResponse, DescribesTheExchange) {
  const TaskResult task_result = complete(fetched(200, std::string(kPage)));
  EXPECT_EQ(task_result.log.page, 2);
  EXPECT_EQ(task_result.log.attempt, 4);
  EXPECT_EQ(task_result.log.status, 200);
  EXPECT_EQ(task_result.log.bytes, 321U);
  EXPECT_EQ(task_result.log.http_version, "2");
  EXPECT_EQ(task_result.log.outcome, "ok");
  EXPECT_EQ(task_result.log.error, "");
}

TEST(ParseResponse, CountsTheWaitBeforeFetchAndBeforeParse) {
  EXPECT_EQ(complete(fetched(200, std::string(kPage))).queued, 1s + 3s);
}

TEST(ParseResponse, NamesUserAndPageOfAFailure) {
  const TaskResult refused = complete(fetched(502, "<html>"));
  EXPECT_EQ(refused.result.error(),
            (Failure{FailureKind::server_error, "octocat page 2: HTTP 502"}));
  EXPECT_EQ(refused.log.outcome, "server_error");
  EXPECT_EQ(refused.log.error, "HTTP 502");
  EXPECT_EQ(refused.log.status, 502);
}

TEST(ParseResponse, PassesATransportFailureOn) {
  FetchResult lost = fetched(200, "");
  lost.response = fail(FailureKind::transport, "reset");
  const TaskResult task_result = complete(lost);
  EXPECT_EQ(task_result.result.error(), (Failure{FailureKind::transport, "octocat page 2: reset"}));
  EXPECT_EQ(task_result.log.status, 0);
  EXPECT_EQ(task_result.log.outcome, "transport");
}

TEST(ParseResponse, NamesWhatBecameOfTheExchange) {
  EXPECT_EQ(complete(fetched(301, "", {{"Location", "/user/7/repos"}})).log.outcome, "moved");
  EXPECT_EQ(complete(fetched(204, "")).log.outcome, "incomplete_list");
  FetchResult known = fetched(304, "");
  known.task = task({.request = {.etag = "\"a\""}});
  EXPECT_EQ(complete(known).log.outcome, "unchanged");
}

TEST(ParseResponse, NamesTheTargetOfARequestThatIsNoPage) {
  FetchResult who = fetched(502, "");
  Request request{.kind = RequestKind::account, .target = "/user/7", .page = 0};
  who.task = task({.login = "octocat", .request = request});
  EXPECT_EQ(complete(who).result.error().message, "octocat, /user/7: HTTP 502");
  request = {.kind = RequestKind::owner, .target = "/user", .page = 0};
  who.task = task({.request = request});
  EXPECT_EQ(complete(who).result.error().message, "/user: HTTP 502");
}

TEST(ParseResponse, ReadsTheQuotaOfEveryResponse) {
  const Headers headers{{"X-RateLimit-Limit", "60"},
                        {"X-RateLimit-Remaining", "9"},
                        {"X-RateLimit-Reset", "100"},
                        {"Date", "Thu, 01 Jan 1970 00:01:30 GMT"}};
  for (const int status : {200, 304, 404, 502}) {
    const auto quota = complete(fetched(status, std::string(kPage), headers)).rate_limits.quota;
    ASSERT_TRUE(quota) << status;
    EXPECT_EQ(quota->limit, 60U);
    EXPECT_EQ(quota->remaining, 9U);
    EXPECT_EQ(quota->window, 100);
    EXPECT_EQ(quota->resets_in, 10s);
  }
}

// The missing part may have said that the failure is a rate limit.
TEST(ParseResponse, DoesNotBlockAUserByHalfAnAnswer) {
  const std::string cut = testing::gzip("You have exceeded a secondary rate limit").substr(0, 30);
  EXPECT_EQ(complete(fetched(403, cut, {{"Content-Encoding", "gzip"}})).result.error().kind,
            FailureKind::malformed);
  EXPECT_EQ(complete(fetched(404, cut, {{"Content-Encoding", "gzip"}})).result.error().kind,
            FailureKind::malformed);
}

TEST(ParseResponse, NeverTakesAPartForAPage) {
  EXPECT_EQ(complete(fetched(200, "<html>Unicorn!</html>")).result.error().kind,
            FailureKind::malformed);
  const std::string cut = testing::gzip(kPage).substr(0, 40);
  EXPECT_EQ(complete(fetched(200, cut, {{"Content-Encoding", "gzip"}})).result.error().kind,
            FailureKind::transport);
  EXPECT_EQ(complete(fetched(200, std::string(kPage)), Bytes{50}).result.error().kind,
            FailureKind::too_large);
}

}  // namespace
}  // namespace repopipe
