#include "tests/simulator/rules.h"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/simulator/identity.h"
#include "tests/simulator/made_up_source.h"
#include "tests/simulator/response_header.h"
#include "tests/simulator/simulator.h"
#include "tests/simulator/start.h"

namespace repopipe::simulator {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

// All rules without sockets, created from options as in the program; the test controls the time.
class Desk {
 public:
  explicit Desk(Options options)
      : source_(make_source(options)),
        answerer_(*source_, options.answers),
        faults_(1, options.faults),
        limits_(1, options.limits),
        politeness_(answerer_.tokens(), options.limits),
        rules_(answerer_, faults_, limits_, &politeness_) {}

  Outcome ask(const std::string& target, milliseconds time = milliseconds(0),
              Request request = {}) {
    request.target = target;
    request.host = "api.test";
    request.user_agent = "tests";
    const Moment now = kStart + time;
    const Course course = rules_.arrive(request, 1, now);
    Outcome outcome = rules_.answer(request, course, now);
    rules_.leave(request, course, now);
    return outcome;
  }
  int status(const std::string& target, milliseconds time = milliseconds(0),
             std::string_view authorization = "") {
    return ask(target, time, {.authorization = authorization}).response.status;
  }
  std::string login(std::uint64_t ordinal) const { return source_->find(Ordinal{ordinal})->login; }
  std::string listing() const { return "/users/" + login(0) + "/repos"; }
  std::uint64_t count(Offence offence) const { return politeness_.count(offence); }

 private:
  std::unique_ptr<Source> source_;
  Answerer answerer_;
  Faults faults_;
  SecondaryLimits limits_;
  Politeness politeness_;
  Rules rules_;
};

FaultRates only(Fault fault) {
  FaultRates rates{.streak = 1};
  for (std::size_t i = 0; i < kFaultKinds.size(); ++i) {
    if (kFaultKinds[i] == fault) rates.percent[i] = 100;
  }
  return rates;
}

TEST(Rules, EndAnOwnersQuotaForAllOfItsTokens) {
  Desk desk({.answers = {.quota = {.limit = 3, .window = seconds(10)},
                         .tokens = {.owners = {{"a", "o"}, {"b", "o"}}}}});
  EXPECT_EQ(desk.status(desk.listing(), seconds(0), "Bearer a"), 200);
  EXPECT_EQ(desk.status("/user", seconds(0), "Bearer b"), 200);
  EXPECT_EQ(desk.status("/users/nobody/repos", seconds(0), "Bearer a"), 404);
  const Response response =
      desk.ask(desk.listing(), seconds(1), {.authorization = "Bearer b"}).response;
  EXPECT_TRUE(response.status == 403 || response.status == 429);
  EXPECT_EQ(header(response, "X-RateLimit-Remaining"), "0");
  EXPECT_EQ(header(response, "X-RateLimit-Used"), "3");
  EXPECT_EQ(header(response, "X-RateLimit-Reset"), "1790000010");
  EXPECT_EQ(header(response, "Retry-After"), "");
  EXPECT_EQ(desk.status(desk.listing(), seconds(2), "Bearer c"), 200);
  EXPECT_EQ(desk.count(Offence::during_wait), 0u);
  desk.ask(desk.listing(), seconds(3), {.authorization = "Bearer b"});
  EXPECT_EQ(desk.count(Offence::during_wait), 1u);
  EXPECT_EQ(desk.status(desk.listing(), seconds(10), "Bearer b"), 200);
}

TEST(Rules, ChargeANotModifiedToTheAnonymousOnly) {
  Desk desk({.answers = {.quota = {.limit = 2}}});
  for (const char* authorization : {"Bearer a", ""}) {
    Request request{.authorization = authorization};
    const Response first = desk.ask(desk.listing(), seconds(0), request).response;
    const std::string etag = header(first, "ETag");
    request.if_none_match = etag;
    for (int i = 0; i < 4; ++i) {
      const bool refused = request.authorization.empty() && i > 0;
      EXPECT_EQ(desk.ask(desk.listing(), seconds(0), request).response.status == 304, !refused);
    }
  }
}

TEST(Rules, TellATokenWhoseItIs) {
  Desk desk({.answers = {.tokens = {.bad = {"bad"},
                                    .owners = {{"a", "octocat"}},
                                    .expirations = {{"a", "2026-12-01 10:00:00 UTC"}}}}});
  const Response response = desk.ask("/user", seconds(0), {.authorization = "Bearer a"}).response;
  EXPECT_EQ(Json::parse(*response.body)["login"], "octocat");
  EXPECT_TRUE(Json::parse(*response.body)["id"].is_number());
  EXPECT_EQ(header(response, "github-authentication-token-expiration"), "2026-12-01 10:00:00 UTC");
  const Response anonymous = desk.ask("/user").response;
  EXPECT_EQ(anonymous.status, 401);
  EXPECT_EQ(Json::parse(*anonymous.body)["message"], "Requires authentication");
  const Response bad =
      desk.ask(desk.listing(), seconds(0), {.authorization = "Bearer bad"}).response;
  EXPECT_EQ(bad.status, 401);
  EXPECT_EQ(Json::parse(*bad.body)["message"], "Bad credentials");
}

TEST(Rules, RefuseBeforeTheyFailAndDoNotCountARefusalAsAFault) {
  Desk desk({.faults = {.any_percent = 100, .streak = 1}, .limits = {.max_per_minute = 1}});
  desk.ask("/x");
  const Response refused = desk.ask("/x").response;
  ASSERT_TRUE(refused.wait);
  EXPECT_EQ(refused.wait->kind, LimitKind::secondary);
  EXPECT_EQ(desk.count(Offence::over_limit), 1u);
  EXPECT_EQ(desk.status("/x", seconds(120)), 404);  // the success after the first fault
}

TEST(Rules, StartAWaitOnAWhimThatIsNoOffence) {
  Desk desk({.faults = only(Fault::secondary)});
  const Response response = desk.ask(desk.listing()).response;
  EXPECT_EQ(header(response, "Retry-After"), "1");
  EXPECT_EQ(desk.count(Offence::over_limit), 0u);
  EXPECT_NE(desk.status(desk.listing(), milliseconds(500)), 200);
  EXPECT_EQ(desk.count(Offence::during_wait), 1u);
  EXPECT_EQ(desk.status(desk.listing(), milliseconds(1500)), 200);
}

TEST(Rules, SpoilOnlyWholeBodiesAndSendThemForA304) {
  Desk desk({.faults = only(Fault::cut)});
  EXPECT_EQ(desk.ask("/users/nobody/repos").delivery, Delivery::whole);
  const Outcome outcome = desk.ask(desk.listing(), seconds(0), {.if_none_match = "*"});
  EXPECT_EQ(outcome.delivery, Delivery::cut);
  EXPECT_EQ(outcome.response.status, 200);
  EXPECT_EQ(desk.ask(desk.listing(), seconds(0), {.if_none_match = "*"}).response.status, 304);
}

TEST(Rules, NoticeTwoTokensForOneAccountByLoginAndById) {
  Desk desk({});
  const std::string id =
      Json::parse(*desk.ask("/users/" + desk.login(0)).response.body)["id"].dump();
  desk.ask("/user/" + id + "/repos");
  desk.ask("/users/nobody");
  EXPECT_EQ(desk.count(Offence::wrong_principal), 0u);
  desk.ask("/user/" + id, seconds(0), {.authorization = "Bearer a"});
  desk.ask("/users/NOBODY/repos", seconds(0), {.authorization = "Bearer a"});
  EXPECT_EQ(desk.count(Offence::wrong_principal), 2u);
}

TEST(Rules, LetTheDoomedAndTheOddAnswerInTheirWay) {
  const FateRates rates{.doomed_percent = 50, .odd_percent = 50};
  Desk desk({.world = {.accounts = 40}, .answers = {.fates = rates}});
  for (std::uint64_t ordinal = 0; ordinal < 40; ++ordinal) {
    const Account account = *MadeUpSource({.accounts = 40}).find(Ordinal{ordinal});
    const Fate fate = *Fates(1, rates).of(account);
    const Response expected = fate_response(fate, account);
    const Response response = desk.ask("/users/" + account.login + "/repos?page=2").response;
    EXPECT_EQ(response.status, expected.status);
    EXPECT_EQ(response.body ? *response.body : "", expected.body ? *expected.body : "");
    EXPECT_EQ(desk.status("/users/" + account.login), fate == Fate::missing ? 404 : 200);
  }
}

TEST(Rules, RedirectAFormerLoginToTheId) {
  const World world{.accounts = 40, .day = 1};
  Desk desk({.world = world, .names = {.renamed_percent = 100}});
  int redirected = 0;
  for (std::uint64_t ordinal = 0; ordinal < 40; ++ordinal) {
    const Account account = *MadeUpSource(world).find(Ordinal{ordinal});
    const Response response =
        desk.ask("/users/" + account.login + "/repos?per_page=9&page=2").response;
    if (response.status != 301) continue;
    ++redirected;
    const std::string location =
        "http://api.test/user/" + std::to_string(account.id) + "/repos?per_page=9&page=2";
    EXPECT_EQ(header(response, "Location"), location);
    EXPECT_EQ(Json::parse(*response.body)["message"], "Moved Permanently");
    EXPECT_EQ(Json::parse(*response.body)["url"], location);
    EXPECT_EQ(desk.status(location.substr(15)), 200);
  }
  EXPECT_GT(redirected, 5);
}

TEST(Rules, SendListingsElsewhereWhenAsked) {
  Desk desk({.answers = {.redirect_to = "http://evil.test"}});
  const Response response = desk.ask(desk.listing() + "?page=2").response;
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(header(response, "Location"), "http://evil.test" + desk.listing() + "?page=2");
  EXPECT_EQ(desk.status("/users/" + desk.login(0)), 200);
}

}  // namespace
}  // namespace repopipe::simulator
