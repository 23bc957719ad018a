#include "pipeline/plan/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using testing::at;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Task task(const std::string& login) {
  return {.login = login, .request = {}};
}

std::vector<std::string> logins(const std::vector<Task>& tasks) {
  std::vector<std::string> all;
  for (const Task& each : tasks) all.push_back(each.login);
  return all;
}

TEST(Scheduler, KnowsASubjectUntilItIsTaken) {
  Scheduler scheduler(2);
  scheduler.add_subject(1, "octocat", {.login = "Octocat"});
  EXPECT_TRUE(scheduler.is_waiting("octocat"));
  EXPECT_EQ(scheduler.subjects(), 1U);
  EXPECT_FALSE(scheduler.queue(0).has_subjects());
  EXPECT_EQ(scheduler.take_subject(1).login, "Octocat");
  EXPECT_FALSE(scheduler.is_waiting("octocat"));
  EXPECT_EQ(scheduler.subjects(), 0U);
}

TEST(Scheduler, LetsPrincipalsTakeTurns) {
  Scheduler scheduler(3);
  EXPECT_EQ(scheduler.in_turn(0), 0U);
  scheduler.took_turn(1);
  EXPECT_EQ(scheduler.in_turn(0), 2U);
  EXPECT_EQ(scheduler.in_turn(1), 0U);
  scheduler.took_turn(2);
  EXPECT_EQ(scheduler.in_turn(0), 0U);
}

TEST(Scheduler, RechecksLateWhileThereIsOtherWork) {
  Scheduler scheduler(1);
  EXPECT_EQ(scheduler.recheck_time(false), Time::max());
  scheduler.recheck(task("a"), at(1s), at(30s));
  scheduler.recheck(task("b"), at(2s), at(31s));
  EXPECT_EQ(scheduler.recheck_time(true), at(30s));
  EXPECT_EQ(scheduler.recheck_time(false), at(1s));
  scheduler.queue(0).add(task("c"));
  EXPECT_EQ(scheduler.recheck_time(false), at(30s));
  EXPECT_THAT(scheduler.take_rechecks(at(30s - 1ms), false), IsEmpty());
  EXPECT_THAT(logins(scheduler.take_rechecks(at(30s), false)), ElementsAre("a"));
  scheduler.queue(0).take_task(at(30s));
  EXPECT_THAT(logins(scheduler.take_rechecks(at(30s), false)), ElementsAre("b"));
}

// Retries that are not due do not delay rechecks.
TEST(Scheduler, RechecksEarlyWhileOnlyDelayedTasksWait) {
  Scheduler scheduler(1);
  scheduler.queue(0).add_later(at(1min), task("a"));
  scheduler.recheck(task("b"), at(1s), at(30s));
  EXPECT_EQ(scheduler.recheck_time(false), at(1s));
  EXPECT_TRUE(scheduler.has_work());
}

TEST(Scheduler, RechecksTheOldestOnesAtOnceThatAreTooMany) {
  Scheduler scheduler(1);
  for (std::size_t i = 0; i < Scheduler::kMostRechecks; ++i) {
    EXPECT_FALSE(scheduler.has_many_rechecks());
    scheduler.recheck(task(std::to_string(i)), at(1s), at(30s));
  }
  EXPECT_TRUE(scheduler.has_many_rechecks());
  EXPECT_EQ(scheduler.recheck_time(true), at(1s));
  EXPECT_THAT(logins(scheduler.take_rechecks(at(1s), true)), ElementsAre("0"));
  EXPECT_FALSE(scheduler.has_many_rechecks());
  EXPECT_EQ(scheduler.recheck_time(true), at(30s));
}

TEST(Scheduler, DropsTheTasksOfOneSubjectWhereverTheyWait) {
  Scheduler scheduler(2);
  const std::vector<std::string> all{"a", "b"};
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    Task each = task(all[i]);
    each.subject = {i, 1};
    scheduler.queue(0).add(each);
    scheduler.queue(1).add_later(at(1s), each);
    scheduler.recheck(each, at(1s), at(30s));
    scheduler.yield(each);
  }
  scheduler.drop({0, 1});
  EXPECT_THAT(logins(scheduler.queue(0).take_tasks()), ElementsAre("b"));
  EXPECT_THAT(logins(scheduler.queue(1).take_tasks()), ElementsAre("b"));
  EXPECT_THAT(logins(scheduler.take_rechecks(at(30s), false)), ElementsAre("b"));
  EXPECT_THAT(logins(scheduler.take_yielding()), ElementsAre("b"));
  EXPECT_FALSE(scheduler.has_work());
  EXPECT_FALSE(scheduler.has_yielding());
}

}  // namespace
}  // namespace repopipe
