#include "pipeline/plan/outage.h"

#include <gtest/gtest.h>

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

class AnOutage : public ::testing::Test {
 protected:
  Task task_of(const std::string& login, Duration sent_at) {
    Task task;
    task.id = ++last_;
    task.login = login;
    task.sent = at(sent_at);
    outage_.sent(task);
    return task;
  }
  Outage::Change complete(const TaskResult& result, Duration now) {
    return outage_.completed(result, false, at(now));
  }
  // A task that fails, and becomes a suspect.
  Outage::Change fail(const std::string& login, Duration sent_at, Duration now) {
    const TaskResult result =
        testing::failure(task_of(login, sent_at), FailureKind::server_error, 502);
    const Outage::Change change = complete(result, now);
    outage_.suspect({result.task, result.result.error(), {}, at(now)});
    return change;
  }
  Outage::Change answer(const std::string& login, Duration sent_at, Duration now) {
    return complete(testing::page(task_of(login, sent_at)), now);
  }
  Outage::Change fail_for_three(Duration sent_at, Duration now) {
    fail("a", sent_at, now);
    fail("b", sent_at, now);
    return fail("c", sent_at, now);
  }

  std::uint64_t last_ = 0;
  Outage outage_{{.first_pause = 1s,
                  .attempts = 5,
                  .max_wait = 1min,
                  .connect_wait = 10s,
                  .api = "api.example"}};
};

TEST_F(AnOutage, BeginsWhenTasksOfSeveralSubjectsFail) {
  EXPECT_EQ(fail("a", 0s, 1s), Outage::Change::none);
  EXPECT_EQ(fail("b", 0s, 1s), Outage::Change::none);
  EXPECT_EQ(fail("c", 0s, 1s), Outage::Change::begins);
  EXPECT_TRUE(outage_.is_open());
  EXPECT_EQ(outage_.next_send(), at(2s));
}

TEST_F(AnOutage, IsNoneForASuspectThatFailedBeforeAnAnsweredRequestWasSent) {
  fail("a", 0s, 1s);
  fail("b", 0s, 3s);
  EXPECT_EQ(answer("c", 2s, 4s), Outage::Change::answered);
  const auto refuted = outage_.take_refuted(at(2s));
  ASSERT_TRUE(refuted);
  EXPECT_EQ(refuted->task.login, "a");
  EXPECT_FALSE(outage_.take_refuted(at(2s)));  // b failed later
  EXPECT_TRUE(outage_.has_suspects());
}

TEST_F(AnOutage, EndsWithTheFirstAnswerToAProbe) {
  fail_for_three(0s, 1s);
  EXPECT_EQ(outage_.next_probe(0, false), Outage::Probe::suspect);
  EXPECT_FALSE(outage_.lacks_probe());  // one at a time
  const Task probe = outage_.take_suspect().task;
  EXPECT_EQ(answer(probe.login, 2s, 3s), Outage::Change::ends);
  EXPECT_FALSE(outage_.is_open());
}

TEST_F(AnOutage, ReadsTheControlOnceWhenNoTaskIsInFlight) {
  outage_.remember_stored({.login = "stored"});
  outage_.remember_stored({.login = "later"});
  EXPECT_EQ(outage_.control().login, "stored");
  fail_for_three(0s, 1s);
  EXPECT_EQ(outage_.next_probe(1, true), Outage::Probe::none);
  EXPECT_EQ(outage_.next_probe(0, true), Outage::Probe::control);
  EXPECT_FALSE(outage_.lacks_probe());
  fail("stored", 2s, 3s);
  EXPECT_TRUE(outage_.lacks_probe());
  EXPECT_EQ(outage_.next_probe(0, true), Outage::Probe::suspect);
}

TEST_F(AnOutage, LeavesSuspectsToFailForThemselvesAfterAnAnswerToTheControl) {
  outage_.remember_stored({.login = "stored"});
  fail_for_three(0s, 1s);
  EXPECT_EQ(outage_.next_probe(0, true), Outage::Probe::control);
  EXPECT_EQ(answer("stored", 2s, 3s), Outage::Change::ends_alone);
}

TEST_F(AnOutage, IsJudgedByTheControlIfOnlySuspectsAreLeft) {
  answer("stored", 0s, 1s);
  outage_.remember_stored({.login = "stored"});
  fail("a", 1s, 2s);
  EXPECT_EQ(outage_.judge({.tasks = 1, .can_read_control = true}, at(3s)), Outage::Judgement::wait);
  EXPECT_EQ(outage_.judge({.can_read_control = true}, at(3s)), Outage::Judgement::begins);
  EXPECT_EQ(outage_.next_probe(0, true), Outage::Probe::control);
  EXPECT_EQ(answer("stored", 4s, 5s), Outage::Change::ends_failed);
}

TEST_F(AnOutage, IsNoneIfNoControlCanBeReadAndOthersWereAnswered) {
  answer("stored", 0s, 1s);
  outage_.remember_stored({.login = "stored"});
  fail("a", 1s, 2s);
  EXPECT_EQ(outage_.judge({}, at(3s)), Outage::Judgement::failed);
}

TEST_F(AnOutage, EndsTheRunAfterItsLongestWait) {
  answer("first", 0s, 0s);
  fail_for_three(1s, 2s);
  EXPECT_FALSE(outage_.is_too_long());
  outage_.next_probe(0, false);
  const Task probe = outage_.take_suspect().task;
  fail(probe.login, 3s, 62s);
  EXPECT_TRUE(outage_.is_too_long());
  EXPECT_EQ(outage_.failure().kind, FailureKind::unreachable);
  EXPECT_TRUE(outage_.failure().message.starts_with("api.example has failed for everybody for 60"))
      << outage_.failure().message;
}

TEST_F(AnOutage, IsExplainedWithItsCauseAndItsDuration) {
  answer("first", 0s, 0s);
  fail_for_three(1s, 2s);
  EXPECT_TRUE(outage_.is_brief(at(3s)));
  EXPECT_FALSE(outage_.is_brief(at(4s)));
  EXPECT_EQ(outage_.explain(), "api.example fails for everybody: server_error");
  EXPECT_EQ(outage_.lasted(at(12s)), 10s);
}

TEST(WaitNotices, AreDueOnceAMinuteAndAtOnceAfterARestart) {
  WaitNotices waits;
  EXPECT_TRUE(waits.is_due(at(0s)));
  EXPECT_EQ(waits.tell(WaitCause::quota, "for a limit", at(5min), at(0s)).text,
            "waiting: for a limit");
  EXPECT_FALSE(waits.is_due(at(59s)));
  EXPECT_EQ(waits.next_due(at(5min)), at(60s));
  EXPECT_TRUE(waits.is_due(at(60s)));
  waits.tell(WaitCause::quota, "for a limit", at(5min), at(60s));
  waits.restart();
  EXPECT_TRUE(waits.is_due(at(61s)));
}

}  // namespace
}  // namespace repopipe
