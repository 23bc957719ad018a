#include "tests/simulator/politeness.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "tests/simulator/start.h"

namespace repopipe::simulator {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

class Client : public testing::Test {
 protected:
  static Request request(std::string_view authorization, std::string_view target = "/x") {
    return {.target = target, .user_agent = "tests", .authorization = authorization};
  }
  void ask(milliseconds time, const Request& request, const Sighting& sighting = {}) {
    politeness_.arrived(request, sighting, kStart + time);
  }
  void told(milliseconds time, LimitKind kind, milliseconds ends, milliseconds told,
            std::string_view authorization = "Bearer a") {
    politeness_.replied(request(authorization), 403,
                        Wait{.kind = kind, .ends = kStart + ends, .told = kStart + told},
                        kStart + time);
  }
  void answered(int status, std::string_view target = "/x") {
    politeness_.replied(request("Bearer a", target), status, std::nullopt, kStart);
  }
  // Only what is not zero.
  std::map<Offence, std::uint64_t> offences() const {
    std::map<Offence, std::uint64_t> result;
    for (int i = 0; i < 6; ++i) {
      const auto offence = static_cast<Offence>(i);
      if (politeness_.count(offence) > 0) result[offence] = politeness_.count(offence);
    }
    return result;
  }
  using Offences = std::map<Offence, std::uint64_t>;

  Tokens tokens_{{.bad = {"bad"}, .lifetimes = {{"short", 1}}}};
  Politeness politeness_{tokens_, {}};
};

TEST_F(Client, MaySendAnyRequestWithoutALimit) {
  for (int i = 0; i < 100; ++i) {
    ask(milliseconds(i), request("Bearer a"), {.in_flight = 1});
    answered(i % 2 == 0 ? 200 : 304);
  }
  EXPECT_EQ(offences(), Offences{});
}

TEST_F(Client, MustNotSendRequestsDuringAnAnnouncedWait) {
  for (const LimitKind kind : {LimitKind::primary, LimitKind::secondary}) {
    told(seconds(0), kind, seconds(10), seconds(10));
  }
  ask(milliseconds(99), request("Bearer a"));  // was in flight
  ask(seconds(5), request("Bearer b"));        // another principal
  ask(seconds(10), request("Bearer a"));
  EXPECT_EQ(offences(), Offences{});
  ask(milliseconds(100), request("Bearer a"));
  ask(milliseconds(9999), request("Bearer a"));
  EXPECT_EQ(offences(), (Offences{{Offence::during_wait, 2}}));
}

TEST_F(Client, HasItsGraceOnlyOnceAWait) {
  told(seconds(0), LimitKind::secondary, seconds(10), seconds(10));
  told(seconds(5), LimitKind::secondary, seconds(10), seconds(10));
  ask(milliseconds(5050), request("Bearer a"));
  EXPECT_EQ(offences(), (Offences{{Offence::during_wait, 1}}));
  told(seconds(20), LimitKind::secondary, seconds(30), seconds(30));
  ask(milliseconds(20'050), request("Bearer a"));
  EXPECT_EQ(politeness_.count(Offence::during_wait), 1u);
}

TEST_F(Client, MustWaitForTheAnnouncedTimeAndNotOnlyForTheExactOne) {
  told(seconds(0), LimitKind::primary, milliseconds(1500), seconds(2));
  ask(milliseconds(1499), request("Bearer a"));
  ask(milliseconds(1500), request("Bearer a"));
  ask(milliseconds(1999), request("Bearer a"));
  ask(milliseconds(2000), request("Bearer a"));
  EXPECT_EQ(offences(), (Offences{{Offence::during_wait, 1}, {Offence::sooner_than_told, 2}}));
}

TEST_F(Client, MustKeepBelowTheSecondaryLimits) {
  ask(seconds(0), request("Bearer a"), {.standing = {.over = Limit::concurrent}});
  ask(seconds(0), request("Bearer a"), {.standing = {.over = Limit::per_minute}});
  ask(seconds(0), request("Bearer a"), {.standing = {.over = Limit::per_minute}});
  EXPECT_EQ(offences(), (Offences{{Offence::over_limit, 3}}));
  const Json over = Json::parse(politeness_.report())["over_limit"];
  EXPECT_EQ(over["concurrent"], 1);
  EXPECT_EQ(over["per_minute"], 2);
  EXPECT_EQ(over["response_seconds"], 0);
}

TEST_F(Client, MustStayWithTheTokenOfAnAccount) {
  ask(seconds(0), request("Bearer a"), {.account = 1});
  ask(seconds(1), request("Bearer b"), {.account = 2});
  ask(seconds(2), request("Bearer a"), {.account = 1});
  ask(seconds(3), request("Bearer b"));
  EXPECT_EQ(offences(), Offences{});
  ask(seconds(4), request("Bearer b"), {.account = 1});
  ask(seconds(5), request(""), {.account = 1});
  EXPECT_EQ(offences(), (Offences{{Offence::wrong_principal, 2}}));
}

TEST_F(Client, MayLeaveATokenThatDoesNotWork) {
  ask(seconds(0), request("Bearer bad"), {.account = 1});
  ask(seconds(1), request("Bearer a"), {.account = 1});
  ask(seconds(2), request("Bearer short"), {.account = 2});
  tokens_.use("Bearer short");
  ask(seconds(3), request("Bearer a"), {.account = 2});
  EXPECT_EQ(offences(), Offences{});
  ask(seconds(4), request("Bearer b"), {.account = 1});
  EXPECT_EQ(offences(), (Offences{{Offence::wrong_principal, 1}}));
}

TEST_F(Client, MustSayWhoItIs) {
  ask(seconds(0), {.target = "/x"});
  EXPECT_EQ(offences(), (Offences{{Offence::no_user_agent, 1}}));
}

TEST_F(Client, MustGiveUp) {
  for (int i = 0; i < 10; ++i) answered(500), answered(502), answered(0), answered(500, "/y");
  for (int i = 0; i < 20; ++i) answered(200), answered(304);
  EXPECT_EQ(offences(), Offences{});
  answered(500);
  answered(0);
  EXPECT_EQ(offences(), (Offences{{Offence::too_many_retries, 2}}));
}

TEST_F(Client, IsReportedOn) {
  for (int i = 0; i < 12; ++i) {
    ask(seconds(i), {.target = "/x", .authorization = "Bearer secret"},
        {.in_flight = static_cast<std::uint64_t>(i)});
    answered(200);
  }
  ask(seconds(70), request("Bearer b"));
  answered(304);
  Json report = Json::parse(politeness_.report());
  const Json examples = report["no_user_agent"]["examples"];
  ASSERT_EQ(examples.size(), 10u);
  EXPECT_EQ(examples[1]["target"], "/x");
  EXPECT_EQ(examples[1]["time"], 1'790'000'001.0);
  EXPECT_EQ(examples[1]["principal"].get<std::string>().size(), 8u);
  EXPECT_EQ(report.dump().find("secret"), std::string::npos);
  report["no_user_agent"].erase("examples");
  const Json none = {{"count", 0}, {"examples", Json::array()}};
  Json over = none;
  over.update({{"concurrent", 0}, {"per_minute", 0}, {"response_seconds", 0}});
  EXPECT_EQ(report, (Json{{"requests", 13},
                          {"ok", 12},
                          {"not_modified", 1},
                          {"largest_in_flight", 11},
                          {"busiest_minute", 12},
                          {"during_wait", none},
                          {"over_limit", over},
                          {"wrong_principal", none},
                          {"no_user_agent", {{"count", 12}}},
                          {"too_many_retries", none},
                          {"sooner_than_told", none},
                          {"impolite", 12}}));
  EXPECT_EQ(politeness_.summary(),
            "impolite 12: during_wait 0, over_limit 0, wrong_principal 0, no_user_agent 12, "
            "too_many_retries 0, sooner_than_told 0");
}

}  // namespace
}  // namespace repopipe::simulator
