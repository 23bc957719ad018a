// Rate limits that one user meets while others get responses, and limits that all meet.
#include <gtest/gtest.h>

#include <set>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/made_up_api.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

TaskResult limited(const Task& task, FailureKind kind, std::optional<Duration> wait) {
  TaskResult task_result = failure(task, kind, 429);
  task_result.rate_limits.wait = wait;
  task_result.log.timing.total = 20ms;
  return task_result;
}

// An API that refuses all requests of some users.
MadeUpApi api_that_refuses(const std::set<std::string>& refused, int connections, FailureKind kind,
                           std::optional<Duration> wait) {
  return MadeUpApi(connections, [=](const Task& task, Time) {
    if (refused.contains(task.login)) return limited(task, kind, wait);
    TaskResult task_result = page(task);
    task_result.log.timing.total = 30ms;
    return task_result;
  });
}

void expect_failed(const MadeUpApi& api, const std::set<std::string>& refused, std::size_t users) {
  EXPECT_EQ(api.listings().size(), users);
  for (const Listing& listing : api.listings()) {
    const bool is_refused = refused.contains(listing.login);
    EXPECT_EQ(listing.outcome, is_refused ? Outcome::failed : Outcome::ok) << listing.login;
  }
  for (const std::string& login : refused) EXPECT_LE(api.requests_for(login), 5) << login;
}

TEST(PlanSuspects, FailAfterTheirAttemptsWhileOthersContinue) {
  for (const FailureKind kind : {FailureKind::throttled, FailureKind::rate_limited}) {
    for (const char* login : {"user-0", "user-5", "user-29"}) {  // first, amid, last
      for (const int connections : {1, 3, 100}) {
        const std::set<std::string> refused{login};
        MadeUpApi api = api_that_refuses(refused, connections, kind, 1s);
        Plan plan = plan_for(
            many(30),
            {.credits = static_cast<std::size_t>(connections), .backoff = 1s, .fail_ratio = 0.5});
        ASSERT_TRUE(api.run(plan, 10'000));
        expect_failed(api, refused, 30);
        EXPECT_EQ(plan.end().exit_code, ExitCode::complete);
        EXPECT_LE(api.now(), at(1min)) << login << connections;
      }
    }
  }
}

TEST(PlanSuspects, FailWhereverTheyStandInTheList) {
  for (const std::set<std::string>& refused :
       {std::set<std::string>{"user-0", "user-1"}, std::set<std::string>{"user-3", "user-9"}}) {
    for (const int connections : {1, 8, 100}) {
      MadeUpApi api = api_that_refuses(refused, connections, FailureKind::throttled, 1s);
      Plan plan = plan_for(
          many(30),
          {.credits = static_cast<std::size_t>(connections), .backoff = 1s, .fail_ratio = 0.5});
      ASSERT_TRUE(api.run(plan, 10'000)) << connections;
      EXPECT_EQ(plan.end().exit_code, ExitCode::complete) << connections;
      expect_failed(api, refused, 30);
    }
  }
}

TEST(PlanSuspects, DelayNoUserOnceItIsProven) {
  MadeUpApi api = api_that_refuses({"user-0"}, 1, FailureKind::throttled, 10min);
  Plan plan = plan_for(many(100), {.credits = 1, .max_wait = 65min, .fail_ratio = 0.5});
  Time last_of_others{};
  api.must_reread = [&](const Listing& listing) {
    if (listing.login != "user-0") last_of_others = api.now();
    return false;
  };
  ASSERT_TRUE(api.run(plan, 10'000));
  EXPECT_EQ(api.listings().size(), 100U);
  EXPECT_LE(last_of_others, at(35min));  // two pauses for all: of ten minutes, and of twice as much
}

TEST(PlanSuspects, AreNotSuspectedWhenAllUsersAreRefused) {
  for (const int connections : {1, 3, 100}) {
    MadeUpApi api(connections, [](const Task& task, Time arrives) {
      const bool is_limit = arrives >= at(1s) && arrives < at(40min);
      TaskResult task_result =
          is_limit ? limited(task, FailureKind::throttled, std::nullopt) : page(task);
      task_result.log.timing.total = 100ms;
      return task_result;
    });
    Plan plan = plan_for(many(400), {.credits = static_cast<std::size_t>(connections)});
    ASSERT_TRUE(api.run(plan, 100'000));
    EXPECT_EQ(plan.end().status, RunStatus::complete) << connections;
    for (const Listing& listing : api.listings()) {
      ASSERT_EQ(listing.outcome, Outcome::ok) << listing.login << " of " << connections;
    }
  }
}

TEST(PlanSuspects, AreNotSuspectedWhenNoOtherUserEverGotAResponse) {
  MadeUpApi api = api_that_refuses({"a"}, 1, FailureKind::throttled, 1min);
  Plan plan = plan_for({"a"}, {.deadline = at(8h), .max_wait = 65min});
  ASSERT_TRUE(api.run(plan, 10'000));
  EXPECT_EQ(plan.end().exit_code, ExitCode::try_later);
  EXPECT_EQ(api.listings().back().outcome, Outcome::abandoned);
}

}  // namespace
}  // namespace repopipe
