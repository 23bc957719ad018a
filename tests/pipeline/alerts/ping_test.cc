#include "pipeline/alerts/ping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <mutex>

#include "pipeline/base/system.h"
#include "tests/testing/http_server.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using repopipe::testing::HttpServer;
using repopipe::testing::response;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kRid = "00010203-0405-0607-0809-0a0b0c0d0e0f";

struct Warnings {
  std::function<void(const std::string&)> writer() {
    return [this](const std::string& line) {
      const std::lock_guard lock(mutex);
      lines.push_back(line);
    };
  }
  std::mutex mutex;
  std::vector<std::string> lines;
};

PingOptions options_for(const std::string& url) {
  return {.url = url, .post = {.timeout = 10s}, .pauses = {0ms, 0ms}};
}

std::string first_line_of(const std::string& head) {
  return head.substr(0, head.find("\r\n"));
}

TEST(PingUrl, HasTheStepInItsPathAndTheRunInItsQuery) {
  EXPECT_EQ(ping_url("https://h/p/uuid", "start", "R"), "https://h/p/uuid/start?rid=R");
  EXPECT_EQ(ping_url("https://h/p/uuid/", "69", "R"), "https://h/p/uuid/69?rid=R");
  EXPECT_EQ(ping_url("https://h/key/slug?create=1", "0", "R"),
            "https://h/key/slug/0?create=1&rid=R");
  EXPECT_EQ(ping_url("https://h/p?#x", "0", "R"), "https://h/p/0?rid=R");
}

TEST(PingUuid, IsTheRunsId) {
  EXPECT_EQ(uuid_of("000102030405060708090a0b0c0d0e0f"), kRid);
}

TEST(PingBody, IsCutBetweenCharacters) {
  EXPECT_EQ(ping_body("abc", 3), "abc");
  EXPECT_EQ(ping_body("abc", 2), "ab");
  EXPECT_EQ(ping_body("a\xC3\xA4z", 2), "a");
  EXPECT_EQ(ping_body("a\xC3\xA4z", 3), "a\xC3\xA4");
  EXPECT_EQ(ping_body("abc", 0), "");
}

TEST(PingTest, IsSentAtTheStartAndAtTheEnd) {
  const HttpServer monitor([](const std::string&) { return response("200 OK", "", "OK"); });
  Warnings warnings;
  {
    Ping ping(options_for(monitor.base_url() + "/id"), warnings.writer());
    ping.start(kRid);
    while (monitor.requests().empty()) std::this_thread::yield();
    ping.end(kRid, ExitCode::unreachable, "text");
  }
  ASSERT_EQ(monitor.requests().size(), 2U);
  EXPECT_EQ(first_line_of(monitor.requests()[0]),
            std::string("POST /id/start?rid=") + kRid + " HTTP/1.1");
  EXPECT_EQ(first_line_of(monitor.requests()[1]),
            std::string("POST /id/69?rid=") + kRid + " HTTP/1.1");
  EXPECT_THAT(monitor.requests()[1], HasSubstr("Content-Length: 4\r\n"));
  EXPECT_THAT(warnings.lines, ElementsAre());
}

TEST(PingTest, IsTriedThreeTimes) {
  std::atomic<int> asked = 0;
  const HttpServer monitor(
      [&](const std::string&) { return response(++asked < 3 ? "503 Busy" : "200 OK", "", ""); });
  Warnings warnings;
  Ping ping(options_for(monitor.base_url()), warnings.writer());
  ping.end(kRid, ExitCode::complete, "");
  EXPECT_EQ(asked, 3);
  EXPECT_THAT(warnings.lines, ElementsAre());
}

TEST(PingTest, ThatFailsIsOneWarningWithoutItsAddress) {
  const HttpServer monitor(
      [](const std::string&) { return response("302 Found", "Location: /elsewhere\r\n", ""); });
  Warnings warnings;
  Ping ping(options_for(monitor.base_url() + "/secret"), warnings.writer());
  ping.end(kRid, ExitCode::complete, "");
  EXPECT_EQ(monitor.requests().size(), 3U);
  EXPECT_THAT(warnings.lines, ElementsAre("the ping (0) failed: HTTP 302"));
}

TEST(PingTest, IsCutToWhatTheMonitorTakes) {
  const HttpServer monitor(
      [](const std::string&) { return response("200 OK", "Ping-Body-Limit: 10\r\n", ""); });
  Warnings warnings;
  Ping ping(options_for(monitor.base_url()), warnings.writer());
  ping.end(kRid, ExitCode::complete, std::string(200'000, 'x'));
  ping.end(kRid, ExitCode::complete, std::string(200'000, 'x'));
  EXPECT_THAT(monitor.requests()[0], HasSubstr("Content-Length: 100000\r\n"));
  EXPECT_THAT(monitor.requests()[1], HasSubstr("Content-Length: 10\r\n"));
}

// Accepts connections and never answers.
class SilentMonitor {
 public:
  SilentMonitor() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(socket_.number(), generic, length), 0);
    EXPECT_EQ(listen(socket_.number(), 10), 0);
    EXPECT_EQ(getsockname(socket_.number(), generic, &length), 0);
    port_ = ntohs(address.sin_port);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  Descriptor socket_;
  int port_ = 0;
};

TEST(PingTest, OfTheStartIsCancelledAtTheEnd) {
  const SilentMonitor monitor;
  Warnings warnings;
  PingOptions options = options_for(monitor.url());
  options.post.timeout = 24h;
  Ping ping(options, warnings.writer());
  ping.start(kRid);
  // The destructor would wait for a day.
}

TEST(PingTest, ThatIsNotAnsweredEndsAfterItsTime) {
  const SilentMonitor monitor;
  Warnings warnings;
  PingOptions options = options_for(monitor.url());
  options.post.timeout = 50ms;
  Ping ping(options, warnings.writer());
  ping.end(kRid, ExitCode::complete, "");
  ASSERT_EQ(warnings.lines.size(), 1U);
  EXPECT_THAT(warnings.lines[0], StartsWith("the ping (0) failed: "));
}

TEST(PingTest, WithoutAnAddressDoesNothing) {
  Warnings warnings;
  Ping ping(options_for(""), warnings.writer());
  ping.start(kRid);
  ping.end(kRid, ExitCode::complete, "");
  EXPECT_THAT(warnings.lines, ElementsAre());
}

}  // namespace
}  // namespace repopipe
