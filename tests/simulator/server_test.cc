// The simulator over real sockets, in this process.
#include "tests/simulator/server.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "tests/simulator/errors.h"
#include "tests/simulator/gzip.h"
#include "tests/simulator/http_client.h"
#include "tests/simulator/running.h"

namespace repopipe::simulator {
namespace {

using Json = nlohmann::json;

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
  const Received response = connection.receive();
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.body, "");
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
  Connection connection(running.port());
  connection.send_get(running.listing());
  EXPECT_EQ(connection.receive_broken(), (Broken{.text = "", .reset = true}));
  EXPECT_EQ(get(running.port(), running.listing()).status, 200);
  const std::vector<Json> log = running.stop();
  EXPECT_EQ(log[0]["fault"], "reset");
  EXPECT_EQ(log[0]["status"], 0);
}

FaultRates always(Fault fault) {
  FaultRates rates{.streak = 1};
  for (std::size_t i = 0; i < kFaultKinds.size(); ++i) {
    if (kFaultKinds[i] == fault) rates.percent[i] = 100;
  }
  return rates;
}

TEST(Server, CutsAndTricklesHalfOfABody) {
  using std::chrono::milliseconds;
  for (const auto& [fault, ends_in_reset] :
       {std::pair(Fault::cut, true), {Fault::trickle, false}}) {
    Running running({.server = {.trickle = milliseconds(40)}, .faults = always(fault)});
    const auto started = std::chrono::steady_clock::now();
    Connection connection(running.port());
    connection.send_get(running.listing());
    const Broken broken = connection.receive_broken();
    const auto took = std::chrono::steady_clock::now() - started;
    const Received whole = get(running.port(), running.listing());
    EXPECT_EQ(broken.reset, ends_in_reset);
    EXPECT_NE(broken.text.find("Content-Length: " + std::to_string(whole.body.size())),
              std::string::npos);
    EXPECT_EQ(broken.text.substr(broken.text.find("\r\n\r\n") + 4),
              whole.body.substr(0, whole.body.size() / 2));
    EXPECT_GE(took, fault == Fault::trickle ? milliseconds(40) : milliseconds(0));
    const std::vector<Json> log = running.stop();
    EXPECT_EQ(log[0]["fault"], name_of(fault));
    EXPECT_EQ(log[0]["bytes"], whole.body.size() / 2);
    EXPECT_EQ(log[0]["status"], 200);
  }
}

TEST(Server, SurvivesClientsThatLeaveATrickle) {
  Running running({.server = {.trickle = std::chrono::hours(1)}, .faults = always(Fault::trickle)});
  for (int i = 0; i < 3; ++i) {
    Connection leaving(running.port());
    leaving.send_get(running.listing() + "&x=" + std::to_string(i));
    EXPECT_TRUE(leaving.receive_some().starts_with("HTTP/1.1 200 OK"));
  }
  Connection waiting(running.port());
  waiting.send_get(running.listing());
  EXPECT_TRUE(waiting.receive_some().starts_with("HTTP/1.1 200 OK"));
  EXPECT_EQ(get(running.port(), running.listing()).status, 200);
}

TEST(Server, CutsAGzipStreamWhoseLengthAgrees) {
  Running running({.faults = always(Fault::gzip_cut)});
  const std::string more = "Accept-Encoding: gzip\r\n";
  const Received half = get(running.port(), running.listing(), more);
  const Received whole = get(running.port(), running.listing(), more);
  EXPECT_EQ(half.status, 200);
  EXPECT_EQ(half.body, whole.body.substr(0, whole.body.size() / 2));
}

TEST(Server, RefusesWhoHasTooManyInFlightAndReportsIt) {
  Running running(
      {.server = {.latency = std::chrono::milliseconds(50)}, .limits = {.max_concurrent = 2}},
      Report::yes);
  std::vector<Connection> connections;
  for (int i = 0; i < 4; ++i) connections.emplace_back(running.port());
  for (Connection& connection : connections) connection.send_get(running.listing());
  int refused = 0;
  for (Connection& connection : connections) refused += connection.receive().status != 200;
  EXPECT_EQ(refused, 2);
  const Json report = running.report();
  EXPECT_EQ(report["over_limit"]["count"], 2);
  EXPECT_EQ(report["over_limit"]["concurrent"], 2);
  EXPECT_EQ(report["largest_in_flight"], 4);
  EXPECT_EQ(report["impolite"], 2);
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
