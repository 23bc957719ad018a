// The simulator over real sockets, in this process.
#include "tests/simulator/server.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "tests/simulator/errors.h"
#include "tests/simulator/http_client.h"
#include "tests/simulator/simulator.h"

namespace repopipe::simulator {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

// A simulator on a free port, on a thread of its own, with a log.
class Running {
 public:
  explicit Running(Options options) {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    log_ = fs::path(testing::TempDir()) /
           ("log-" + std::string(test->name()) + "-" + std::to_string(getpid()));
    options.log = log_;
    options.world.accounts = 50;
    login_ = make_source(options)->find(Ordinal{0})->login;
    simulator_.emplace(options);
    thread_ = std::thread([this] { simulator_->server().run(); });
  }
  ~Running() {
    stop();
    fs::remove(log_);
  }

  std::uint16_t port() {
    const std::string url = simulator_->server().base_url();
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }
  std::string listing() const { return "/users/" + login_ + "/repos?per_page=5"; }
  const std::string& login() const { return login_; }

  // The log, once the server has stopped.
  std::vector<Json> stop() {
    if (thread_.joinable()) {
      simulator_->server().stop();
      thread_.join();
    }
    std::vector<Json> lines;
    std::ifstream stream(log_);
    for (std::string line; std::getline(stream, line);) lines.push_back(Json::parse(line));
    return lines;
  }
  Totals totals() { return simulator_->server().totals(); }

 private:
  fs::path log_;
  std::string login_;
  std::optional<Simulator> simulator_;
  std::thread thread_;
};

TEST(Server, AnswersSeveralRequestsOnOneConnection) {
  Running running({});
  Connection connection(running.port());
  for (int i = 0; i < 3; ++i) {
    connection.send_get(running.listing());
    const Received page = connection.receive();
    EXPECT_EQ(page.status, 200);
    EXPECT_LE(Json::parse(page.body).size(), 5u);
    EXPECT_NE(page.headers.find("\r\nDate: "), std::string::npos);
    EXPECT_NE(page.headers.find("\r\nETag: W/\""), std::string::npos);
  }
}

TEST(Server, SendsNoBodyWithNotModified) {
  Running running({});
  Connection connection(running.port());
  connection.send_get(running.listing(), "If-None-Match: *\r\n");
  const Received reply = connection.receive();
  EXPECT_EQ(reply.status, 304);
  EXPECT_EQ(reply.body, "");
  connection.send_get(running.listing());
  EXPECT_EQ(connection.receive().status, 200);
}

TEST(Server, RefusesOtherMethodsAndRequestsWithoutUserAgent) {
  Running running({});
  Connection connection(running.port());
  connection.send("POST " + running.listing() +
                  " HTTP/1.1\r\nHost: h\r\nUser-Agent: t\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(connection.receive().status, 404);
  connection.send("GET " + running.listing() + " HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(connection.receive().status, 403);
}

TEST(Server, LogsEveryRequestAndNeverAToken) {
  Running running({});
  const std::uint16_t port = running.port();
  const std::size_t size = get(port, running.listing() + "&page=1").body.size();
  get(port, "/user/77/repos", "Authorization: Bearer secret-one\r\nIf-None-Match: \"x\"\r\n");
  get(port, "/rate_limit", "Authorization: Bearer secret-two\r\n");
  const std::vector<Json> log = running.stop();
  ASSERT_EQ(log.size(), 3u);
  Json first = log[0];
  EXPECT_EQ(first["time"].get<std::string>().size(), 24u);
  first.erase("time");
  EXPECT_EQ(first, (Json{{"method", "GET"},
                         {"target", running.listing() + "&page=1"},
                         {"login", running.login()},
                         {"page", 1},
                         {"per_page", 5},
                         {"status", 200},
                         {"bytes", size},
                         {"principal", "anonymous"},
                         {"user_agent", "tests"},
                         {"if_none_match", false},
                         {"in_flight", 1}}));
  EXPECT_EQ(log[1]["id"], 77);
  EXPECT_EQ(log[1]["status"], 404);
  EXPECT_EQ(log[1]["if_none_match"], true);
  EXPECT_EQ(log[1]["principal"].get<std::string>().size(), 8u);
  EXPECT_NE(log[1]["principal"], log[2]["principal"]);
  EXPECT_EQ(Json(log).dump().find("secret"), std::string::npos);
}

TEST(Server, CountsWhatItServes) {
  Running running({});
  std::uint64_t bytes = 0;
  for (int i = 0; i < 3; ++i) bytes += get(running.port(), running.listing()).body.size();
  running.stop();
  EXPECT_EQ(running.totals().requests, 3u);
  EXPECT_EQ(running.totals().bytes, bytes);
}

TEST(Server, FailsTheFirstRequestOfAUrlWhenAsked) {
  Running running({.faults = {.server_error_percent = 100}});
  EXPECT_GE(get(running.port(), running.listing()).status, 500);
  EXPECT_EQ(get(running.port(), running.listing()).status, 200);
  const std::vector<Json> log = running.stop();
  EXPECT_EQ(log[0]["fault"], "5xx");
  EXPECT_FALSE(log[1].contains("fault"));
}

TEST(Server, ResetsTheFirstRequestOfAUrlWhenAsked) {
  Running running({.faults = {.reset_percent = 100}});
  EXPECT_EQ(get(running.port(), running.listing()).status, 0);
  EXPECT_EQ(get(running.port(), running.listing()).status, 200);
  const std::vector<Json> log = running.stop();
  EXPECT_EQ(log[0]["fault"], "reset");
  EXPECT_EQ(log[0]["status"], 0);
}

TEST(Server, HoldsAThousandRequestsInFlight) {
  constexpr int kRequests = 1000;
  Running running({.server = {.latency = std::chrono::milliseconds(1500)}});
  std::vector<Connection> connections;
  for (int i = 0; i < kRequests; ++i) connections.emplace_back(running.port());
  for (Connection& connection : connections) connection.send_get(running.listing());
  for (Connection& connection : connections) EXPECT_EQ(connection.receive().status, 200);
  std::uint64_t most = 0;
  for (const Json& line : running.stop()) most = std::max<std::uint64_t>(most, line["in_flight"]);
  EXPECT_EQ(most, kRequests);
}

TEST(Server, SurvivesClientsThatDoNotWait) {
  Running running({.server = {.latency = std::chrono::milliseconds(20)}});
  for (int i = 0; i < 50; ++i) Connection(running.port()).send_get(running.listing());
  EXPECT_EQ(get(running.port(), running.listing()).status, 200);
}

TEST(Server, StopsWithRequestsWaiting) {
  Running running({.server = {.latency = std::chrono::hours(1)}});
  Connection connection(running.port());
  connection.send_get(running.listing());
  running.stop();
}

TEST(Server, SaysWhyItCannotListen) {
  Running running({});
  Options options;
  options.server.port = running.port();
  EXPECT_THROW(Simulator{options}, CannotCreate);
  options.server = {.address = "nowhere"};
  EXPECT_THROW(Simulator{options}, BadUsage);
}

}  // namespace
}  // namespace repopipe::simulator
