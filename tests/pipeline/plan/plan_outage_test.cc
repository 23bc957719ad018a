// An outage fails no user and is probed slowly; failures of one user fail that user.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/pipeline/plan/made_up_api.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;
using ::testing::Not;

struct Trial {
  bool is_over = false;
  RunEnd end{};
  int failed = 0;
  int ok = 0;
  int asked_in_vain = 0;
  Duration lasted{};
};

// An API with a latency of 0.1 s that fails all users from `from` to `to`.
Trial run_through(FailureKind kind, int status, Duration from, Duration to, int users,
                  PlanOptions options) {
  Trial trial;
  MadeUpApi api(8, [&](const Task& task, Time arrives) {
    const bool fails = arrives >= at(from) && arrives < at(to);
    TaskResult task_result = fails ? failure(task, kind, status) : page(task);
    task_result.log.timing.total = 100ms;
    trial.asked_in_vain += fails ? 1 : 0;
    return task_result;
  });
  options.backoff = 1s;
  options.per_page = 10;
  options.limits.concurrency = 8;
  options.api = "https://api.example";
  Plan plan = plan_for(many(users), options);
  trial.is_over = api.run(plan, 100'000);
  trial.end = plan.end();
  for (const Listing& listing : api.listings()) {
    trial.failed += listing.outcome == Outcome::failed ? 1 : 0;
    trial.ok += listing.outcome == Outcome::ok && !listing.is_second_reading ? 1 : 0;
  }
  trial.lasted = api.now() - at(0s);
  return trial;
}

struct Kind {
  FailureKind kind;
  int status;
};
constexpr Kind kKinds[] = {{FailureKind::server_error, 503}, {FailureKind::server_error, 502},
                           {FailureKind::malformed, 200},    {FailureKind::timeout, 0},
                           {FailureKind::transport, 0},      {FailureKind::connect, 0}};

TEST(PlanOutage, FailsNoUserWhateverItsKindAndLength) {
  for (const Kind& kind : kKinds) {
    for (const int attempts : {1, 2, 5}) {
      for (const Duration length : {1s, 12s, 59s, 600s, 3600s}) {
        const Trial trial = run_through(kind.kind, kind.status, 1s, 1s + length, 300,
                                        {.attempts = attempts, .max_wait = 65min});
        const std::string which = std::string(policy_of(kind.kind).name) + " " +
                                  std::to_string(attempts) + " " + std::to_string(length / 1s);
        EXPECT_TRUE(trial.is_over) << which;
        EXPECT_EQ(trial.end.exit_code, ExitCode::complete) << which << trial.end.error;
        EXPECT_EQ(trial.ok, 300) << which;
        EXPECT_LE(trial.asked_in_vain, length <= 60s ? 20 : 80) << which;
        EXPECT_LE(trial.lasted, length + 70s) << which;
      }
    }
  }
}

TEST(PlanOutage, FailsNoUserWhereverInTheRunItBegins) {
  for (const Kind& kind : kKinds) {
    for (Duration from = 0s; from < 3500ms; from += 170ms) {
      if (from == 0s && kind.kind == FailureKind::malformed) continue;  // see ANoApi
      const Trial trial =
          run_through(kind.kind, kind.status, from, from + 30s, 300, {.attempts = 3});
      EXPECT_EQ(trial.ok, 300) << policy_of(kind.kind).name << " " << from / 1ms;
    }
  }
}

TEST(PlanOutage, EndsTheRunAndNamesTheApiWhenItOutlastsMaxWait) {
  for (const Kind& kind : kKinds) {
    const Trial trial = run_through(kind.kind, kind.status, 1s, 24h, 300, {.max_wait = 10min});
    EXPECT_TRUE(trial.is_over);
    EXPECT_EQ(trial.end.exit_code, ExitCode::unreachable);
    EXPECT_EQ(trial.failed, 0);
    EXPECT_LE(trial.asked_in_vain, 30);
    EXPECT_GE(trial.lasted, 10min);
    EXPECT_LE(trial.lasted, 11min);
    EXPECT_THAT(trial.end.error,
                AllOf(HasSubstr("https://api.example has failed for everybody"),
                      HasSubstr(std::string(policy_of(kind.kind).name)), Not(HasSubstr("user-"))));
  }
}

TEST(PlanOutage, TriesANetworkThatIsLateForAsLongAsConnectWait) {
  for (const FailureKind kind :
       {FailureKind::connect, FailureKind::timeout, FailureKind::transport}) {
    for (const int users : {1, 2, 300}) {
      const Trial late = run_through(kind, 0, 0s, 100s, users, {});
      EXPECT_EQ(late.ok, users);
      const Trial away = run_through(kind, 0, 0s, 24h, users, {});
      EXPECT_EQ(away.end.exit_code, ExitCode::unreachable);
      EXPECT_EQ(away.failed, 0);
      EXPECT_GE(away.lasted, 2min);
      EXPECT_LE(away.lasted, 130s);
      EXPECT_THAT(away.end.error, HasSubstr("https://api.example cannot be reached"));
    }
  }
}

TEST(PlanOutage, TriesALoginAtAProxyWithOneRequest) {
  const Trial refused =
      run_through(FailureKind::proxy_login, 0, 0s, 24h, 300, {.has_proxy_login = true});
  EXPECT_EQ(refused.end.exit_code, ExitCode::unreachable);
  EXPECT_EQ(refused.asked_in_vain, 1);
  EXPECT_EQ(refused.failed, 0);
  EXPECT_EQ(refused.end.error, "proxy_login");
  const Trial late = run_through(FailureKind::connect, 0, 0s, 100s, 300, {.has_proxy_login = true});
  EXPECT_EQ(late.ok, 300);
}

TEST(PlanOutage, TriesOnceWithOneAttempt) {
  const Trial trial = run_through(FailureKind::connect, 0, 0s, 24h, 300, {.attempts = 1});
  EXPECT_EQ(trial.end.exit_code, ExitCode::unreachable);
  EXPECT_LE(trial.lasted, 1s);
  EXPECT_EQ(trial.failed, 0);
}

TEST(PlanOutage, DoubtsTheAddressOfWhatHasNeverAnsweredAsAnApi) {
  const Trial trial = run_through(FailureKind::malformed, 200, 0s, 24h, 60, {.attempts = 3});
  EXPECT_EQ(trial.end.exit_code, ExitCode::unreachable);
  EXPECT_LE(trial.lasted, 1min);
  EXPECT_EQ(trial.failed, 0);
  EXPECT_THAT(trial.end.error, HasSubstr("provider.base_url"));
}

TEST(PlanOutage, IsNotWhatAFewBrokenUsersHave) {
  for (const Kind& kind : kKinds) {
    if (kind.kind == FailureKind::connect) continue;
    std::map<std::string, int> asked;
    MadeUpApi api(8, [&](const Task& task, Time) {
      const bool is_broken = task.login.ends_with("7");
      ++asked[task.login];
      TaskResult task_result = is_broken ? failure(task, kind.kind, kind.status) : page(task);
      task_result.log.timing.total = 100ms;
      return task_result;
    });
    Plan plan =
        plan_for(many(295), {.attempts = 3, .per_page = 10, .backoff = 1s, .fail_ratio = 0.2});
    ASSERT_TRUE(api.run(plan, 100'000));
    EXPECT_EQ(plan.end().exit_code, ExitCode::complete);
    EXPECT_LT(api.now(), at(60s));
    for (const Listing& listing : api.listings()) {
      const bool is_broken = listing.login.ends_with("7");
      EXPECT_EQ(listing.outcome, is_broken ? Outcome::failed : Outcome::ok) << listing.login;
      if (listing.login == "user-0") continue;  // the probe of the last users
      EXPECT_EQ(asked[listing.login], is_broken ? 3 : 1) << listing.login;
    }
  }
}

// The last users cannot show whether all fail; a user with an earlier response can.
TEST(PlanOutage, IsNotWhatTheLastUsersOfARunHave) {
  const std::set<std::string> broken{"user-8", "user-9", "user-10", "user-11"};
  for (const Kind& kind : kKinds) {
    if (kind.kind == FailureKind::connect) continue;
    for (const int attempts : {1, 3}) {
      MadeUpApi api(1, [&](const Task& task, Time) {
        TaskResult task_result =
            broken.contains(task.login) ? failure(task, kind.kind, kind.status) : page(task);
        task_result.log.timing.total = 100ms;
        return task_result;
      });
      Plan plan = plan_for(many(12), {.attempts = attempts, .per_page = 10, .fail_ratio = 1});
      ASSERT_TRUE(api.run(plan, 100'000));
      EXPECT_EQ(plan.end().exit_code, ExitCode::complete) << plan.end().error;
      EXPECT_LT(api.now(), at(60s));
      for (const Listing& listing : api.listings()) {
        const bool is_broken = broken.contains(listing.login);
        EXPECT_EQ(listing.outcome, is_broken ? Outcome::failed : Outcome::ok) << listing.login;
      }
      for (const std::string& login : broken) EXPECT_LE(api.requests_for(login), attempts + 2);
    }
  }
}

// The last request before the outage, and all later ones, fall into the end of the run.
TEST(PlanOutage, FailsNoneOfTheLastUsersOfARun) {
  for (const Kind& kind : kKinds) {
    for (const int left : {1, 2}) {
      for (const Duration length : {1s, 20s, 600s}) {
        Time from = Time::max();
        MadeUpApi api(1, [&](const Task& task, Time arrives) {
          if (task.login == "user-" + std::to_string(12 - left)) from = std::min(from, arrives);
          const bool fails = arrives >= from && arrives < from + length;
          TaskResult task_result = fails ? failure(task, kind.kind, kind.status) : page(task);
          task_result.log.timing.total = 100ms;
          return task_result;
        });
        Plan plan = plan_for(many(12), {.credits = 1, .attempts = 2, .backoff = 1s});
        ASSERT_TRUE(api.run(plan, 10'000));
        EXPECT_EQ(plan.end().exit_code, ExitCode::complete)
            << policy_of(kind.kind).name << " " << left << " " << length / 1s << plan.end().error;
        EXPECT_LE(api.now(), at(length + 80s));
      }
    }
  }
}

TEST(PlanOutage, WaitsForTheAnsweredUserBeforeItJudgesTheLastOnes) {
  Plan plan = plan_for({"good", "last"}, {.attempts = 2});
  const Task good = sent(plan);
  const Task last = sent(plan);
  plan.complete(page(good), at(1s));
  const Listing listing = step<Write>(plan, 1s).listing;
  plan.written(good.subject, at(1s));
  plan.complete(failure(last, FailureKind::transport), at(1s));
  step<Wait>(plan, 1s);
  plan.committed(good.subject, Stored{.outcome = listing.outcome}, at(2s));
  EXPECT_EQ(step<Recall>(plan, 2s).subject.login, "good");
}

TEST(PlanOutage, LeavesALonelyUserItsAttempts) {
  for (const int attempts : {1, 3, 5}) {
    MadeUpApi api(1, [](const Task& task, Time) {
      const bool is_broken = task.login == "broken";
      return is_broken ? failure(task, FailureKind::server_error, 502) : page(task);
    });
    Plan plan =
        plan_for({"good", "broken"}, {.attempts = attempts, .per_page = 10, .fail_ratio = 1});
    ASSERT_TRUE(api.run(plan, 1000));
    EXPECT_EQ(std::ranges::count(api.listings(), Outcome::failed, &Listing::outcome), 1);
    EXPECT_EQ(api.requests_for("broken"), attempts);
  }
}

TEST(PlanOutage, IsNotWhatAThousandBrokenUsersInARowHave) {
  MadeUpApi api(8, [&](const Task& task, Time) {
    const int number = std::stoi(task.login.substr(5));
    const bool is_broken = number >= 100 && number < 1100;
    return is_broken ? failure(task, FailureKind::server_error, 502) : page(task);
  });
  Plan plan = plan_for(many(1200), {.attempts = 2, .per_page = 10, .fail_ratio = 1});
  ASSERT_TRUE(api.run(plan, 1'000'000));
  EXPECT_EQ(plan.end().exit_code, ExitCode::complete) << plan.end().error;
  EXPECT_LT(api.now(), at(1h));
}

TEST(PlanOutage, SendsOneProbeAtATimeEachOfAnotherUser) {
  Plan plan = plan_for(many(6), {.api = "https://api.example", .limits = {.first_pause = 1s}});
  plan.complete(page(sent(plan)), at(0s));
  stored(plan);
  std::vector<Task> out;
  for (int i = 0; i < 4; ++i) out.push_back(sent(plan, 1s));
  for (const Task& task : out) {
    plan.complete(failure(task, FailureKind::server_error, 503), at(2s));
  }
  EXPECT_EQ(step<Recall>(plan, 2s).subject.login, "user-0");  // it has been answered
  plan.recalled(Subject{.login = "user-0"});
  EXPECT_EQ(step<WaitUntil>(plan, 2s), WaitUntil{at(3s)});
  const Task first = sent(plan, 3s);
  EXPECT_EQ(first.login, "user-0");
  step<Wait>(plan, 3s);
  plan.complete(failure(first, FailureKind::server_error, 503), at(4s));
  const Notice say = step<Notice>(plan, 4s);
  EXPECT_EQ(say.text, "waiting: https://api.example fails for everybody: server_error");
  EXPECT_EQ(say.goes_on, at(6s));
  EXPECT_EQ(say.lasted, 2s);
  const Task second = sent(plan, 6s);
  EXPECT_NE(second.login, first.login);
  plan.complete(page(second), at(6s));
  stored(plan, 6s);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(sent(plan, 6s).attempt, 1);  // no user lost an attempt
  EXPECT_EQ(waited(plan, WaitCause::network), (Waited{3s, 2}));
}

TEST(PlanOutage, IsNoneIfWhatWasUnderWayIsAnswered) {
  Plan plan = plan_for(many(6), {.attempts = 2, .per_page = 10});
  std::vector<Task> out;
  for (int i = 0; i < 6; ++i) out.push_back(sent(plan, 1ms * i));
  for (int i = 0; i < 3; ++i)
    plan.complete(failure(out[i], FailureKind::server_error, 502), at(1s));
  plan.complete(page(out[3]), at(1s));
  stored(plan, 1s);
  EXPECT_EQ(sent(plan, 1s).attempt, 1);  // it was to be the probe
  for (const std::size_t i : {4, 5}) plan.complete(page(out[i]), at(1s));
}

}  // namespace
}  // namespace repopipe
