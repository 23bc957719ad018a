// Which connections both fetch engines use, and what they say if there can be none.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/stages/engine_suite.h"
#include "tests/testing/http_server.h"

namespace repopipe {
namespace {

using ::testing::HasSubstr;
using testing::HttpServer;
using testing::reply;

struct EngineConnections : testing::EngineSuite {};

// As long as it lives, this program can open no file and no socket.
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
  HttpServer server([](const std::string&) { return reply("200 OK", "", "[]"); });
  HttpOptions options = options_for(server.base_url());
  options.concurrency = 1;
  const auto engine = make(options);
  Ticket again = ticket("/");
  again.timed_out = true;
  EXPECT_TRUE(fetch(*engine, ticket("/")).reply);
  EXPECT_TRUE(fetch(*engine, again).reply);
  EXPECT_EQ(server.connections(), 2);
  EXPECT_TRUE(fetch(*engine, ticket("/")).reply);
  EXPECT_EQ(server.connections(), 2) << "which later exchanges use";
}

TEST_P(EngineConnections, BlameThisMachineIfItAllowsNoSocket) {
  for (const char* host : {"http://127.0.0.1:1", "http://localhost:1", "http://api.example"}) {
    const auto engine = make(options_for(host));
    const NoMoreFiles limit;
    const Fetched fetched = fetch(*engine, ticket("/"));
    ASSERT_FALSE(fetched.reply) << host;
    EXPECT_EQ(fetched.reply.error().kind, FailureKind::machine_limit) << host;
    EXPECT_THAT(fetched.reply.error().message, HasSubstr("ulimit -n"));
  }
}

INSTANTIATE_TEST_SUITE_P(Both, EngineConnections, testing::both_engines, testing::engine_name);

}  // namespace
}  // namespace repopipe
