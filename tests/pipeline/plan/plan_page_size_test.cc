// Smaller pages: when they are requested, what they cost, and when they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/made_up_api.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::ElementsAre;

// The requests of a user that always fails.
std::vector<std::string> asked_in_vain(int attempts, FailureKind kind, int status) {
  std::vector<std::string> asked;
  MadeUpApi api(1, [&](const Task& task, Time) {
    if (task.login == "well") return page(task);
    asked.push_back(task.request.target);
    return failure(task, kind, status);
  });
  Plan plan = plan_for({"well", "a"}, {.credits = 1, .attempts = attempts});
  EXPECT_TRUE(api.run(plan, 1000));
  return asked;
}

TEST(PlanPageSize, TakesItsRequestsFromTheAttempts) {
  EXPECT_THAT(asked_in_vain(1, FailureKind::server_error, 502), ElementsAre("/a"));
  EXPECT_THAT(asked_in_vain(2, FailureKind::server_error, 502), ElementsAre("/a", "/a"));
  EXPECT_THAT(asked_in_vain(3, FailureKind::server_error, 502), ElementsAre("/a", "/a", "/a?50"));
  EXPECT_THAT(asked_in_vain(5, FailureKind::server_error, 502),
              ElementsAre("/a", "/a", "/a?50", "/a?25", "/a?12"));
  EXPECT_THAT(asked_in_vain(7, FailureKind::server_error, 502),
              ElementsAre("/a", "/a", "/a?50", "/a?25", "/a?12", "/a?12", "/a?12"));
}

TEST(PlanPageSize, IsHalvedOnlyWhereThatMayHelp) {
  struct Trouble {
    FailureKind kind;
    int status;
    bool is_halved;
  };
  for (const Trouble& each :
       {Trouble{FailureKind::timeout, 0, true}, Trouble{FailureKind::timeout, 200, true},
        Trouble{FailureKind::server_error, 502, true},
        Trouble{FailureKind::server_error, 504, true}, Trouble{FailureKind::transport, 200, true},
        Trouble{FailureKind::transport, 0, false}, Trouble{FailureKind::server_error, 500, false},
        Trouble{FailureKind::server_error, 503, false}, Trouble{FailureKind::malformed, 200, false},
        Trouble{FailureKind::incomplete_list, 204, false}}) {
    const auto asked = asked_in_vain(3, each.kind, each.status);
    EXPECT_THAT(asked, ElementsAre("/a", "/a", each.is_halved ? "/a?50" : "/a"))
        << policy_of(each.kind).name << each.status;
  }
}

// Whatever the page size of the next attempt is.
TEST(PlanPageSize, AsksForANewConnectionAfterATimeoutOnly) {
  std::vector<bool> asked;
  const std::array kinds{FailureKind::timeout, FailureKind::transport, FailureKind::timeout,
                         FailureKind::timeout, FailureKind::server_error};
  MadeUpApi api(1, [&](const Task& task, Time) {
    asked.push_back(task.timed_out);
    return asked.size() > kinds.size() ? page(task) : failure(task, kinds[asked.size() - 1]);
  });
  Plan plan = plan_for({"a"}, {.attempts = 9});
  ASSERT_TRUE(api.run(plan, 1000));
  EXPECT_THAT(asked, ElementsAre(false, true, false, true, true, false));
}

TEST(PlanPageSize, CountsTheAttemptsOfALaterPageAcrossSizes) {
  int asked = 0;
  MadeUpApi api(4, [&](const Task& task, Time) {
    if (task.request.page == 1) return page(task, 2);
    ++asked;
    return failure(task, FailureKind::server_error, 502);
  });
  Plan plan = plan_for({"a"}, {.attempts = 5});
  EXPECT_TRUE(api.run(plan, 1000));
  EXPECT_EQ(asked, 5);
  EXPECT_EQ(api.listings().back().outcome, Outcome::failed);
}

TEST(PlanPageSize, DoublesAfterThreeRunsWithoutTrouble) {
  struct Night {
    int per_page;
    int good_runs;
    const char* target;
    int kept;
  };
  for (const Night& each : {Night{12, 2, "/a?12", 12}, Night{12, 3, "/a?25", 25},
                            Night{25, 7, "/a?50", 50}, Night{50, 3, "/a", 0}, Night{60, 3, "/a", 0},
                            Night{100, 0, "/a", 0}, Night{0, 9, "/a", 0}, Night{1, 3, "/a?3", 3}}) {
    Plan plan(PlanOptions{}, kPlainProvider, Time{});
    plan.offer({Subject{.login = "a", .per_page = each.per_page, .good_runs = each.good_runs}});
    const Task task = sent(plan);
    EXPECT_EQ(task.request.target, each.target);
    plan.complete(page(task), at(0s));
    EXPECT_EQ(stored(plan).per_page, each.kept) << each.target;
  }
}

TEST(PlanPageSize, RemembersTroubleThatPassed) {
  for (const bool is_of_size : {true, false}) {
    Plan plan = plan_for({"a"});
    plan.complete(failure(sent(plan), FailureKind::server_error, is_of_size ? 502 : 500), at(0s));
    plan.complete(page(sent(plan)), at(0s));
    const Listing listing = stored(plan);
    EXPECT_EQ(listing.had_trouble, is_of_size);
    EXPECT_EQ(listing.per_page, 0);
  }
}

}  // namespace
}  // namespace repopipe
