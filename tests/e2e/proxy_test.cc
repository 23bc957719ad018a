// Runs through a proxy that requires a login.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/nightly.h"
#include "tests/e2e/queue_world.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/workers.h"
#include "tests/testing/http_server.h"
#include "tests/testing/redis_server.h"

namespace repopipe::e2e {
namespace {

using repopipe::testing::HttpServer;
using repopipe::testing::RedisServer;
using ::testing::HasSubstr;
using ::testing::Not;

std::string refuse_login(const std::string&) {
  return repopipe::testing::response("407 Proxy Authentication Required",
                                     "Proxy-Authenticate: Basic realm=\"corp\"\r\n", "no");
}

std::map<std::string, std::string> log_in_at(const HttpServer& proxy) {
  const std::string address = "http://svc:sesame@" + proxy.base_url().substr(7);
  return {{"https_proxy", address}, {"http_proxy", address}};
}

std::vector<std::string> sixty_users() {
  std::vector<std::string> users;
  for (int i = 0; i < 60; ++i) users.push_back("user-" + std::to_string(i));
  return users;
}

TEST(Proxy, ThatRefusesTheLoginIsAskedOnceAndEndsTheRun) {
  for (const char* api : {"http://api.example", "https://api.example"}) {
    for (const char* way :
         {"fetch.engine=event_loop", "fetch.engine=threads", "execution.processes=2"}) {
      const HttpServer proxy(refuse_login);
      const Nightly nightly(api, sixty_users());
      Program program = nightly.program({"--set", way});
      program.environment = log_in_at(proxy);
      const Ended ended = run(program);
      EXPECT_EQ(ended.exit_code, 69) << api << way << ended.err;
      EXPECT_EQ(proxy.requests().size(), 1U) << api << way;
      EXPECT_THAT(ended.err, HasSubstr("the proxy refuses the login (HTTP 407)"));
      EXPECT_THAT(ended.err, HasSubstr("https_proxy"));
      EXPECT_THAT(ended.err, Not(HasSubstr("sesame")));
      EXPECT_THAT(ended.err, Not(HasSubstr("user-"))) << "it is nobody's fault";
      EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM run_users"), "0");
    }
  }
}

TEST(Proxy, ThatRefusesTheLoginOfAQueuesOnlyWorkerEndsTheRun) {
  const HttpServer proxy(refuse_login);
  const RedisServer redis;
  const Nightly nightly("http://api.example", sixty_users());
  Worker worker(
      {.queue = redis.url(), .base_url = "http://api.example", .environment = log_in_at(proxy)});
  worker.wait_until_it_says("waits for runs");
  QueueRun run(nightly, redis.url());
  EXPECT_EQ(run.exit_code(), 69) << run.said();
  EXPECT_THAT(run.said(), HasSubstr("the proxy refuses the login (HTTP 407)"));
  EXPECT_EQ(proxy.requests().size(), 1U);
}

}  // namespace
}  // namespace repopipe::e2e
