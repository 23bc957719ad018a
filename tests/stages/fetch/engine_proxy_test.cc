// How both fetch engines log in at a proxy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <latch>

#include "stages/fetch/http_client.h"
#include "tests/stages/fetch/engine_suite.h"
#include "tests/testing/http_server.h"

namespace repopipe {
namespace {

using testing::HttpServer;
using testing::response;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array kVariables{"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                "ALL_PROXY",  "no_proxy",    "NO_PROXY"};

struct Environment : ::testing::Test {
  void SetUp() override { clear(); }
  void TearDown() override { clear(); }
  static void clear() {
    for (const char* name : kVariables) unsetenv(name);
  }
};

struct EngineAtAProxy : testing::EngineSuite {
  void SetUp() override { Environment::clear(); }
  void TearDown() override { Environment::clear(); }

  static void log_in_at(const HttpServer& proxy) {
    const std::string address = "http://svc:sesame@" + proxy.base_url().substr(7);
    setenv("http_proxy", address.c_str(), 1);
    setenv("https_proxy", address.c_str(), 1);
  }

  // The results of so many tasks submitted at once.
  static std::vector<Result<Response>> fetch_all(HttpClient& engine, int count) {
    std::vector<Result<Response>> responses(static_cast<std::size_t>(count));
    std::latch done(count);
    for (auto& each : responses) {
      engine.submit(pending("/"), [&](FetchResult fetched) {
        each = std::move(fetched.response);
        done.count_down();
      });
    }
    done.wait();
    return responses;
  }
};

TEST_P(EngineAtAProxy, TriesALoginThatIsRefusedOnce) {
  for (const char* base_url : {"http://api.example", "https://api.example"}) {
    HttpServer proxy([](const std::string&) {
      return response("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=a\r\n",
                      "no");
    });
    log_in_at(proxy);
    HttpOptions options = options_for(base_url);
    options.concurrency = 8;
    const auto engine = make(options);
    for (const auto& each : fetch_all(*engine, 30)) {
      ASSERT_FALSE(each);
      EXPECT_EQ(each.error().kind, FailureKind::proxy_login);
      EXPECT_THAT(each.error().message, HasSubstr("the proxy refuses the login (HTTP 407)"));
      EXPECT_THAT(each.error().message, Not(HasSubstr("sesame")));
    }
    EXPECT_EQ(proxy.requests().size(), 1U) << base_url;
  }
}

TEST_P(EngineAtAProxy, SendsAllRequestsOnceTheLoginIsAccepted) {
  constexpr int kAtOnce = 8;
  std::atomic<int> arrived{0};
  std::latch all_there(kAtOnce);
  HttpServer proxy([&](const std::string& head) {
    EXPECT_THAT(head, HasSubstr("Proxy-Authorization: Basic "));
    const int number = arrived++;
    if (number > 0 && number <= kAtOnce) all_there.arrive_and_wait();
    return response("200 OK", "", "[]");
  });
  log_in_at(proxy);
  HttpOptions options = options_for("http://api.example");
  options.concurrency = kAtOnce;
  const auto engine = make(options);
  for (const auto& each : fetch_all(*engine, 100)) EXPECT_TRUE(each);
}

TEST_P(EngineAtAProxy, SendsNothingMoreAfterALoginIsNoLongerAccepted) {
  std::atomic<int> asked{0};
  HttpServer proxy([&](const std::string&) {
    return asked++ < 5 ? response("200 OK", "", "[]")
                       : response("407 Proxy Authentication Required", "", "no");
  });
  log_in_at(proxy);
  HttpOptions options = options_for("http://api.example");
  options.concurrency = 1;
  const auto engine = make(options);
  const auto responses = fetch_all(*engine, 30);
  EXPECT_EQ(std::ranges::count_if(responses, [](const auto& each) { return each.has_value(); }), 5);
  EXPECT_EQ(asked, 6);
}

INSTANTIATE_TEST_SUITE_P(Both, EngineAtAProxy, testing::both_engines, testing::engine_name);

TEST_F(Environment, SaysWhetherAProxyAsksForALogin) {
  struct Case {
    const char* name;
    const char* value;
    bool is_for_http;
    bool is_for_https;
  };
  constexpr std::array kCases{
      Case{"http_proxy", "http://a:b@proxy:1", true, false},
      Case{"https_proxy", "http://a:b@proxy:1", false, true},
      Case{"HTTPS_PROXY", "a:b@proxy:1", false, true},
      Case{"all_proxy", "socks5://a:b@proxy:1", true, true},
      Case{"ALL_PROXY", "a@proxy", true, true},
      Case{"http_proxy", "http://proxy:1", false, false},
      Case{"all_proxy", "", false, false},
  };
  for (const Case& each : kCases) {
    clear();
    setenv(each.name, each.value, 1);
    EXPECT_EQ(has_proxy_login("http://api.example"), each.is_for_http) << each.name << each.value;
    EXPECT_EQ(has_proxy_login("https://api.example"), each.is_for_https) << each.name << each.value;
  }
}

TEST(ProxyLogin, IsTriedAgainByOneAfterAWhile) {
  ProxyLogin login(true);
  login.accepted();
  EXPECT_FALSE(login.is_doubtful());
  login.refused(Time{} + 1h);
  EXPECT_TRUE(login.is_doubtful());
  EXPECT_EQ(login.objection(Time{} + 1h + 5min)->kind, FailureKind::proxy_login);
  EXPECT_FALSE(login.objection(Time{} + 2h));
}

}  // namespace
}  // namespace repopipe
