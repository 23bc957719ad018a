// Lists whose pages have a total that includes hidden records.
#include <gtest/gtest.h>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

// An API without requests by id.
class NumberlessProtocol final : public Protocol {
 public:
  Request ask(const Question& question) const override { return kPlainProvider.ask(question); }
  const Resource& resource(int id) const override { return kPlainProvider.resource(id); }
  bool knows_numbers(int) const override { return false; }
  Verdict judge(const Task&, const Response&, std::string_view) const override {
    return {.meaning = InBody{}};
  }
  Result<Answer> read(const Task& task, const Response&, PaddedText, JsonScratch&) const override {
    return PageRead{{.number = task.request.page}};
  }
};

const NumberlessProtocol kNumberless;

Plan plan_for_one(Subject subject, const PlanOptions& options = {}) {
  Plan plan(options, kNumberless, Time{});
  plan.offer({std::move(subject)});
  return plan;
}

TaskResult told(const Task& task, std::uint64_t total, int last = 1) {
  TaskResult result = page(task, last);
  std::get<PageRead>(*result.result).total = total;
  return result;
}

TaskResult told_nothing(const Task& task, std::uint64_t total, int last = 1) {
  TaskResult result = told(task, total, last);
  std::get<PageRead>(*result.result).page.rows = RecordBatch(kRepoFields);
  return result;
}

TEST(PlanTotals, ExplainAnEmptyPageInTheMiddle) {
  Plan plan = plan_for_one({.login = "a", .account = 1, .known_records = 3});
  plan.complete(told_nothing(sent(plan), 3, 3), at(0s));
  plan.complete(told(sent(plan), 3), at(0s));
  plan.complete(told_nothing(sent(plan), 3), at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::ok);
  EXPECT_EQ(listing.pages.size(), 3U);
  EXPECT_EQ(listing.request_logs.size(), 3U);
}

// Hidden records may be the known ones: nothing is gone.
TEST(PlanTotals, CountWhatIsHidden) {
  Plan plan = plan_for_one({.login = "a", .account = 1, .known_records = 3});
  plan.complete(told(sent(plan), 3), at(0s));
  EXPECT_EQ(stored(plan).pages.back().unnamed_skips, 2);
  Plan whole = plan_for_one({.login = "a", .account = 1, .known_records = 3});
  whole.complete(told(sent(whole), 1), at(0s));
  EXPECT_EQ(stored(whole).pages.back().unnamed_skips, 0);
}

TEST(PlanTotals, DistinguishAHiddenListFromAnEmptyOne) {
  Plan plan = plan_for_one({.login = "a", .account = 1, .known_records = 4});
  plan.complete(told_nothing(sent(plan), 4), at(0s));
  const Listing hidden = stored(plan);
  EXPECT_EQ(hidden.outcome, Outcome::blocked);
  EXPECT_EQ(hidden.error, "a: nothing is visible: the API counts 4 repositories and shows none");
  EXPECT_TRUE(hidden.pages.empty());
  Plan none = plan_for_one({.login = "a"});
  none.complete(told_nothing(sent(none), 0), at(0s));
  EXPECT_EQ(stored(none).outcome, Outcome::ok);
}

TEST(PlanTotals, OfZeroAreDoubtedWhereRepositoriesAreKnown) {
  Plan plan = plan_for_one({.login = "a", .account = 1, .known_records = 4}, {.attempts = 2});
  plan.complete(told_nothing(sent(plan), 0), at(0s));
  plan.complete(told_nothing(sent(plan), 0), at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::failed);
  EXPECT_TRUE(listing.came_empty);
}

TEST(PlanTotals, ThatDifferBeginTheListAnew) {
  Plan plan = plan_for_one({.login = "a"}, {.attempts = 3});
  plan.complete(told(sent(plan), 2, 2), at(0s));
  plan.complete(told(sent(plan), 1, 2), at(0s));
  const Task again = sent(plan);
  EXPECT_EQ(again.request.page, 1);
  EXPECT_EQ(again.attempt, 2);
  plan.complete(told(again, 1), at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::ok);
  EXPECT_EQ(listing.pages.size(), 1U);
  EXPECT_EQ(listing.request_logs[1].outcome, "incomplete_list");
  EXPECT_EQ(listing.request_logs[1].error,
            "a: page 2 is of a list of 1 repositories, and others of 2");
}

// A list whose totals keep changing is stored as far as it was read, and fails.
TEST(PlanTotals, ThatDifferAlwaysEndInAnIncompleteList) {
  Plan plan = plan_for_one({.login = "a"}, {.attempts = 2});
  for (std::uint64_t attempt = 0; attempt < 2; ++attempt) {
    plan.complete(told(sent(plan), 10 + attempt, 2), at(0s));
    plan.complete(told(sent(plan), 20 + attempt, 2), at(0s));
  }
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::failed);
  EXPECT_NE(listing.incomplete, "");
  EXPECT_EQ(listing.pages.size(), 1U);
}

TEST(PlanNumbers, ThatCannotBeAskedForAreNotAsked) {
  Plan plan = plan_for_one({.login = "a", .account = 1, .known_records = 4});
  plan.complete(failure(sent(plan), FailureKind::not_found, 404), at(0s));
  plan.complete(failure(sent(plan, 31s), FailureKind::not_found, 404), at(31s));
  const Listing listing = stored(plan, 31s);
  EXPECT_EQ(listing.outcome, Outcome::not_found);
  EXPECT_EQ(listing.proven_gone, std::nullopt);
  EXPECT_EQ(listing.request_logs.size(), 2U);
}

// A list that restarts is requested by login, even after a redirect.
TEST(PlanNumbers, ThatCannotBeAskedForAreNotAskedForARenamedUser) {
  Plan plan = plan_for_one({.login = "a", .account = 1, .known_records = 4});
  plan.complete({.task = sent(plan), .log = {.status = 307}, .result = Redirect{"/b"}}, at(0s));
  plan.complete(told(sent(plan), 2, 2), at(0s));
  plan.complete(told(sent(plan), 1, 2), at(0s));
  EXPECT_EQ(sent(plan).request.target, "/a");
}

TEST(PlanTokens, ASingleOneIsCheckedWhereWrongOnesAreIgnored) {
  const std::vector<Principal> one{{.identity = "t", .name = "token 1"}};
  Plan plan({.principals = one, .checks_tokens = true}, kNumberless, Time{});
  plan.offer({{.login = "a"}});
  const Task owner = sent(plan);
  EXPECT_EQ(owner.request.kind, RequestKind::owner);
  plan.complete(failure(owner, FailureKind::bad_token, 401), at(0s));
  EXPECT_EQ(stored(plan).outcome, Outcome::abandoned);
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::no_token);
}

TEST(PlanTokens, NoneIsCheckedWhereThereIsNone) {
  Plan plan({.checks_tokens = true}, kNumberless, Time{});
  plan.offer({{.login = "a"}});
  EXPECT_EQ(sent(plan).request.kind, RequestKind::page);
}

}  // namespace
}  // namespace repopipe
