// Which connections both fetch engines use, and what they say if there can be none.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "tests/stages/fetch/engine_suite.h"
#include "tests/testing/h2_server.h"
#include "tests/testing/http_server.h"

namespace repopipe {
namespace {

using ::testing::Contains;
using testing::H2Act;
using testing::H2Server;
using ::testing::HasSubstr;
using testing::HttpServer;
using testing::response;

struct EngineConnections : testing::EngineSuite {
  static HttpOptions options_of(const H2Server& server) {
    HttpOptions options = options_for(server.base_url());
    options.ca_file = server.ca_file();
    options.concurrency = 4;
    return options;
  }
};

// While it exists, this program can open no file and no socket.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(next);
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(next);
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoMoreFiles() { setrlimit(RLIMIT_NOFILE, &before_); }
  NoMoreFiles(const NoMoreFiles&) = delete;
  NoMoreFiles& operator=(const NoMoreFiles&) = delete;

 private:
  rlimit before_{};
};

TEST_P(EngineConnections, OpenANewOneAfterATimeout) {
  HttpServer server([](const std::string&) { return response("200 OK", "", "[]"); });
  HttpOptions options = options_for(server.base_url());
  options.concurrency = 1;
  const auto engine = make(options);
  Task again = task("/");
  again.timed_out = true;
  EXPECT_TRUE(fetch(*engine, task("/")).response);
  EXPECT_TRUE(fetch(*engine, again).response);
  EXPECT_EQ(server.connections(), 2);
  EXPECT_TRUE(fetch(*engine, task("/")).response);
  EXPECT_EQ(server.connections(), 2) << "which later exchanges use";
}

// In the thread engine each request has a connection, so only one of four is affected.
TEST_P(EngineConnections, EndOneOfHttp2ThatHasGoneSilent) {
  H2Server server([](int connection, int request) {
    return connection == 1 && request > 1 ? H2Act::keep_quiet : H2Act::answer;
  });
  HttpOptions options = options_of(server);
  options.timeout = std::chrono::seconds(2);
  if (GetParam() == testing::EngineKind::threads)
    options.concurrency = 1;  // the one with the connection
  const auto engine = make(options);
  const FetchResult first = fetch(*engine, task("/"));
  ASSERT_TRUE(first.response) << first.response.error().message;
  EXPECT_EQ(first.response->http_version, "2");
  std::array<std::promise<FetchResult>, 4> promises;
  for (auto& promise : promises) {
    engine->submit(pending("/"),
                   [&](FetchResult fetched) { promise.set_value(std::move(fetched)); });
  }
  std::vector<FailureKind> failures;
  for (auto& promise : promises) {
    const FetchResult fetched = promise.get_future().get();
    if (!fetched.response) failures.push_back(fetched.response.error().kind);
  }
  EXPECT_THAT(failures, Contains(FailureKind::timeout));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(fetch(*engine, task("/")).response);
}

TEST_P(EngineConnections, ReportWhyAServerClosesThem) {
  for (const H2Act act : {H2Act::calm, H2Act::go_away}) {
    H2Server server([&](int, int) { return act; });
    const auto engine = make(options_of(server));
    const FetchResult fetched = fetch(*engine, task("/"));
    ASSERT_FALSE(fetched.response);
    EXPECT_EQ(fetched.response.error().kind, FailureKind::transport);
    EXPECT_THAT(fetched.response.error().message, HasSubstr("ENHANCE_YOUR_CALM"));
  }
}

TEST_P(EngineConnections, BlameThisMachineIfItAllowsNoSocket) {
  for (const char* host : {"http://127.0.0.1:1", "http://localhost:1", "http://api.example"}) {
    const auto engine = make(options_for(host));
    const NoMoreFiles limit;
    const FetchResult fetched = fetch(*engine, task("/"));
    ASSERT_FALSE(fetched.response) << host;
    EXPECT_EQ(fetched.response.error().kind, FailureKind::machine_limit) << host;
    EXPECT_THAT(fetched.response.error().message, HasSubstr("ulimit -n"));
  }
}

INSTANTIATE_TEST_SUITE_P(Both, EngineConnections, testing::both_engines, testing::engine_name);

}  // namespace
}  // namespace repopipe
