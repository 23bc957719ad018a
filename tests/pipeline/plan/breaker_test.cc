#include <gtest/gtest.h>

#include "pipeline/plan/outage.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using testing::at;

class ABreaker : public ::testing::Test {
 protected:
  bool fail(const std::string& subject, Duration sent, Duration now, std::uint64_t task = 99) {
    return breaker_.failed(
        {.task = task, .subject = subject, .cause = "HTTP 503", .sent = at(sent)}, at(now));
  }
  void fail_for_all(Duration sent, Duration now) {
    for (const char* subject : {"a", "b", "c"}) fail(subject, sent, now);
  }
  void fail_probe(std::uint64_t task, Duration now) {
    breaker_.probe_sent(task);
    breaker_.completed(task);
    fail("d", now, now, task);
  }

  Breaker breaker_{1s, 8s};
};

TEST_F(ABreaker, OpensWhenSeveralFailInARow) {
  EXPECT_FALSE(fail("a", 0s, 1s));
  EXPECT_FALSE(fail("b", 0s, 2s));
  EXPECT_TRUE(fail("c", 0s, 3s));
  EXPECT_FALSE(fail("d", 0s, 3s));  // it is open
  EXPECT_TRUE(breaker_.is_open());
  EXPECT_EQ(breaker_.since(), at(1s));
  EXPECT_EQ(breaker_.until(), at(4s));
  EXPECT_EQ(breaker_.cause(), "HTTP 503");
}

TEST_F(ABreaker, StaysClosedWhenOneFailsAgainAndAgain) {
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(fail(i % 2 == 0 ? "a" : "b", 0s, 1s * i));
}

TEST_F(ABreaker, BeginsAnewWithEachAnswer) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(fail("a", 1s * i, 1s * i));
    EXPECT_FALSE(fail("b", 1s * i, 1s * i));
    EXPECT_FALSE(breaker_.answered(at(1s * i)));
  }
}

// The failures were reported before a response to an earlier request.
TEST_F(ABreaker, ClosesWithTheFirstAnswerIfItWasOpenedAfterAnother) {
  fail("a", 0s, 3s);
  EXPECT_FALSE(breaker_.answered(at(1s)));
  breaker_.open(at(4s));
  EXPECT_EQ(breaker_.since(), at(4s));
  EXPECT_FALSE(breaker_.answered(at(3s)));
  EXPECT_TRUE(breaker_.answered(at(5s)));
  EXPECT_FALSE(breaker_.is_open());
}

TEST_F(ABreaker, LearnsNothingFromAnAnswerToAnOlderRequest) {
  fail("a", 5s, 6s);
  fail("b", 5s, 6s);
  EXPECT_FALSE(breaker_.answered(at(4s)));
  EXPECT_TRUE(fail("c", 5s, 7s));
  EXPECT_FALSE(breaker_.answered(at(4s)));
  EXPECT_TRUE(breaker_.is_open());
}

TEST_F(ABreaker, PausesTwiceAsLongAfterEachProbe) {
  fail_for_all(0s, 0s);
  Duration now = 1s;
  for (const Duration pause : {2s, 4s, 8s, 8s}) {
    fail_probe(static_cast<std::uint64_t>(now / 1s), now);
    EXPECT_EQ(breaker_.until(), at(now + pause));
    now += pause;
  }
  EXPECT_EQ(breaker_.probes_failed(), 4);
}

TEST_F(ABreaker, PausesNoLongerForWhatWasUnderWayWhenItOpened) {
  fail_for_all(0s, 0s);
  for (int i = 0; i < 8; ++i) fail("e", 0s, 500ms);
  EXPECT_EQ(breaker_.until(), at(1s));
}

TEST_F(ABreaker, PausesAsLongAsAReplyAsks) {
  fail("a", 0s, 0s);
  fail("b", 0s, 0s);
  breaker_.failed({.subject = "c", .sent = at(0s), .wait = 30s}, at(0s));
  EXPECT_EQ(breaker_.until(), at(30s));
}

TEST_F(ABreaker, ClosesWithTheFirstAnswerAndForgets) {
  fail_for_all(0s, 0s);
  fail_probe(7, 1s);
  EXPECT_TRUE(breaker_.answered(at(3s)));
  EXPECT_FALSE(breaker_.is_open());
  EXPECT_FALSE(fail("a", 4s, 4s));
  EXPECT_FALSE(fail("b", 4s, 4s));
  EXPECT_TRUE(fail("c", 4s, 4s));
  EXPECT_EQ(breaker_.until(), at(5s));  // the pauses restart
}

TEST_F(ABreaker, KnowsWhetherItsProbeIsOut) {
  fail_for_all(0s, 0s);
  EXPECT_FALSE(breaker_.is_probing());
  breaker_.probe_sent(7);
  breaker_.completed(8);
  EXPECT_TRUE(breaker_.is_probing());
  breaker_.completed(7);
  EXPECT_FALSE(breaker_.is_probing());
}

}  // namespace
}  // namespace repopipe
