#include "tests/simulator/faults.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace repopipe::simulator {
namespace {

TEST(Faults, HitTheirShareOfUrlsOnTheFirstRequestOnly) {
  Faults faults(1, {.server_error_percent = 10, .reset_percent = 5});
  int errors = 0, resets = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string url = "/users/u" + std::to_string(i) + "/repos";
    const Fault fault = faults.next(url);
    errors += fault == Fault::server_error;
    resets += fault == Fault::reset;
    EXPECT_EQ(faults.next(url), Fault::none);
    EXPECT_EQ(faults.next(url), Fault::none);
  }
  EXPECT_NEAR(errors, 1000, 120);
  EXPECT_NEAR(resets, 500, 90);
}

TEST(Faults, DependOnNothingButTheSeedAndTheUrl) {
  Faults one(1, {.server_error_percent = 50}), again(1, {.server_error_percent = 50});
  Faults other(2, {.server_error_percent = 50});
  int different = 0;
  for (int i = 0; i < 1000; ++i) {
    const Fault fault = one.next(std::to_string(i));
    EXPECT_EQ(again.next(std::to_string(i)), fault);
    different += other.next(std::to_string(i)) != fault;
  }
  EXPECT_GT(different, 100);
}

TEST(Faults, AreAllOrNothingAtTheEnds) {
  Faults always(1, {.server_error_percent = 100}), never(1, {});
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(always.next(std::to_string(i)), Fault::server_error);
    EXPECT_EQ(never.next(std::to_string(i)), Fault::none);
  }
}

TEST(Faults, HitTheirShareOfRequestsInEveryWay) {
  Faults faults(1, {.any_percent = 13});
  std::map<Fault, int> seen;
  for (int i = 0; i < 13'000; ++i) ++seen[faults.next(std::to_string(i))];
  EXPECT_NEAR(seen[Fault::none], 13'000 * 0.87, 150);
  for (const Fault kind : kFaultKinds) EXPECT_NEAR(seen[kind], 130, 45) << name_of(kind);
}

TEST(Faults, OfOneUrlEndAfterAStreak) {
  for (const int streak : {1, 2, 4}) {
    FaultRates rates{.streak = streak};
    rates.percent[0] = 100;
    Faults faults(1, rates);
    for (int i = 0; i < 20; ++i) {
      const Fault expected = i % (streak + 1) == streak ? Fault::none : kFaultKinds[0];
      EXPECT_EQ(faults.next("/x"), expected) << i;
    }
  }
}

TEST(Faults, NeverLookLikeTheTruth) {
  Faults faults(1, {.any_percent = 100, .streak = 4});
  for (int url = 0; url < 500; ++url) {
    int unauthorized = 0, missing = 0;
    for (int i = 0; i < 5; ++i) {
      const Fault fault = faults.next(std::to_string(url));
      unauthorized += fault == Fault::unauthorized;
      missing += fault == Fault::missing;
      if (fault == Fault::none) unauthorized = missing = 0;
      EXPECT_LE(unauthorized, 1);
      EXPECT_LE(missing, 1);
    }
  }
}

TEST(Faults, OfFirstRequestsCountInTheStreak) {
  Faults faults(1, {.unauthorized_percent = 100, .any_percent = 100, .streak = 2});
  for (int url = 0; url < 100; ++url) {
    EXPECT_EQ(faults.next(std::to_string(url)), Fault::unauthorized);
    EXPECT_NE(faults.next(std::to_string(url)), Fault::unauthorized);
  }
  int more = 0;
  for (int url = 0; url < 100; ++url) {
    more += faults.next(std::to_string(url)) != Fault::none;
  }
  EXPECT_LT(more, 20);  // URLs whose second request succeeded
}

TEST(Faults, HaveNames) {
  for (const Fault kind : kFaultKinds) EXPECT_EQ(fault_named(name_of(kind)), kind);
  EXPECT_FALSE(fault_named(""));
  EXPECT_FALSE(fault_named("5xx"));
  EXPECT_FALSE(fault_named("teapot"));
}

TEST(Faults, HaveResponsesOfTheirOwn) {
  const auto status = [](Fault kind) {
    const auto response = fault_response(kind);
    return response ? response->status : 0;
  };
  EXPECT_EQ(status(Fault::http_500), 500);
  EXPECT_EQ(status(Fault::http_502), 502);
  EXPECT_EQ(status(Fault::http_503), 503);
  EXPECT_EQ(status(Fault::http_504), 504);
  EXPECT_EQ(status(Fault::missing), 404);
  EXPECT_EQ(status(Fault::unauthorized), 401);
  EXPECT_EQ(status(Fault::cut), 0);
  EXPECT_NE(fault_response(Fault::unauthorized)->body->find("Requires authentication"),
            std::string::npos);
  EXPECT_EQ(fault_response(Fault::html)->headers[0].value, "text/html; charset=utf-8");
  const Response garbage = *fault_response(Fault::not_json);
  EXPECT_EQ(garbage.headers[0].value, "application/json; charset=utf-8");
  EXPECT_FALSE(nlohmann::json::accept(*garbage.body));
}

}  // namespace
}  // namespace repopipe::simulator
