// Whether a list is the whole list, and what becomes of one that is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/plan/plan.h"
#include "tests/pipeline/plan/made_up_api.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using namespace testing;

TaskResult empty(const Task& task, int last = 1) {
  TaskResult task_result = page(task, last);
  std::get<PageRead>(*task_result.result).page.rows = RecordBatch(kRepoFields);
  return task_result;
}

Plan plan_for_subjects(std::vector<Subject> subjects, const PlanOptions& options = {}) {
  Plan plan(options, kPlainProvider, Time{});
  plan.offer(std::move(subjects));
  return plan;
}

// Sends all tasks with the same result; returns the last task.
template <class Answer>
Task answered(Plan& plan, int times, Answer&& answer, Duration now = {}) {
  Task task;
  for (int i = 0; i < times; ++i) {
    task = sent(plan, now);
    plan.complete(answer(task), at(now));
  }
  return task;
}

TEST(PlanLists, DoNotBelieveAnEmptyListWhereRepositoriesAreKnown) {
  Plan plan =
      plan_for_subjects({{.login = "a", .account = 1, .known_records = 10}}, {.attempts = 3});
  const Task last = answered(plan, 3, [](const Task& task) { return empty(task); });
  EXPECT_EQ(last.attempt, 3);
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::failed);
  EXPECT_TRUE(listing.came_empty);
  EXPECT_EQ(listing.incomplete,
            "incompletely listed: page 1 is empty, but 10 repositories are known; the next run "
            "believes it if it finds the same");
  EXPECT_EQ(listing.error, "a: " + listing.incomplete);
  EXPECT_EQ(listing.request_logs[0].outcome, "incomplete_list");
  step<Finished>(plan);
  EXPECT_EQ(plan.end().exit_code, ExitCode::incomplete);
}

TEST(PlanLists, BelieveAnEmptyListThatAnEarlierRunHasSeen) {
  Plan plan = plan_for_subjects(
      {{.login = "a", .account = 1, .known_records = 10, .empty_before_run = true}},
      {.attempts = 3});
  const Task last = answered(plan, 3, [](const Task& task) { return empty(task); });
  EXPECT_EQ(last.attempt, 3);
  const Task who = sent(plan);  // the list does not show its owner
  EXPECT_EQ(who.request.kind, RequestKind::account);
  plan.complete({.task = who, .log = {.status = 200}, .result = Account{1, "a"}}, at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::ok);
  EXPECT_TRUE(listing.came_empty);
  EXPECT_EQ(listing.incomplete, "");
  EXPECT_EQ(listing.renamed_account, std::nullopt);
}

TEST(PlanLists, DoNotTakeAPartialListWithoutRowsForAnEmptyOne) {
  for (const bool was_empty : {false, true}) {
    Plan plan = plan_for_subjects(
        {{.login = "a", .account = 1, .known_records = 10, .empty_before_run = was_empty}});
    TaskResult partial = empty(sent(plan));
    std::get<PageRead>(*partial.result).page.partial = "incompletely listed: as the API says";
    plan.complete(partial, at(0s));
    step<Notice>(plan);
    const Listing listing = stored(plan);
    EXPECT_FALSE(listing.came_empty);
    EXPECT_EQ(listing.incomplete, "incompletely listed: as the API says");
  }
}

TEST(PlanLists, DoNotBelieveALaterPageBecauseTheListWasEmptyBefore) {
  Plan plan = plan_for_subjects(
      {{.login = "a", .account = 1, .known_records = 10, .empty_before_run = true}},
      {.attempts = 2});
  plan.complete(page(sent(plan), 2), at(0s));
  answered(plan, 2, [](const Task& task) { return empty(task); });
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::failed);
  EXPECT_FALSE(listing.came_empty);
  EXPECT_EQ(listing.incomplete, "incompletely listed: page 2 is empty, but the list goes on there");
}

TEST(PlanLists, BelieveAnEmptyListOfWhomNothingIsKnown) {
  Plan plan = plan_for_subjects({{.login = "a", .account = 1}, {.login = "b"}});
  for (int i = 0; i < 2; ++i) {
    plan.complete(empty(sent(plan)), at(0s));
    EXPECT_EQ(stored(plan).outcome, Outcome::ok);
  }
}

TEST(PlanLists, TakeTheListThatComesAtLast) {
  for (const bool was_empty : {false, true}) {
    Plan plan = plan_for_subjects(
        {{.login = "a", .account = 1, .known_records = 10, .empty_before_run = was_empty}},
        {.attempts = 3});
    answered(plan, 2, [](const Task& task) { return empty(task); });
    plan.complete(page(sent(plan)), at(0s));
    const Listing listing = stored(plan);
    EXPECT_EQ(listing.outcome, Outcome::ok);
    EXPECT_FALSE(listing.came_empty);
    EXPECT_EQ(listing.error, "");
  }
}

// What a page says that has no rows, and whether that is believed.
struct EmptyPage {
  const char* what;
  bool is_extra;             // requested only to see whether it exists
  std::uint64_t known;       // repositories on the page as stored
  const char* known_target;  // of that page; empty: the page is not known
  bool is_believed;
};

TEST(PlanLists, DoNotBelieveAnEmptyPageThatWasAnnounced) {
  for (const EmptyPage& each : {EmptyPage{"announced", false, 0, "", false},
                                EmptyPage{"known to be empty", false, 0, "/a", true},
                                EmptyPage{"known under another size", false, 0, "/a?50", false},
                                EmptyPage{"behind a full one", true, 0, "", true},
                                EmptyPage{"behind a full one, known", true, 3, "/a", true}}) {
    Subject subject{.login = "a", .account = 1};
    const std::string target = each.known_target;
    if (!target.empty()) {
      subject.pages = {{.number = 1, .target = target, .records = 9},
                       {.number = 2, .target = target, .records = each.known}};
    }
    Plan plan = plan_for_subjects({subject}, {.attempts = 2});
    TaskResult first = page(sent(plan), 2);
    std::get<PageRead>(*first.result).follow_ups[0].is_extra = each.is_extra;
    plan.complete(first, at(0s));
    plan.complete(empty(sent(plan)), at(0s));
    if (!each.is_believed) plan.complete(empty(sent(plan)), at(0s));
    const Listing listing = stored(plan);
    EXPECT_EQ(listing.outcome, each.is_believed ? Outcome::ok : Outcome::failed) << each.what;
    EXPECT_EQ(listing.incomplete.empty(), each.is_believed) << each.what;
    EXPECT_EQ(listing.pages.size(), each.is_believed ? 2U : 1U) << each.what;
  }
}

// The last two tasks: the first page without an ETag, and the page that it announces, if any.
TEST(PlanLists, ReadAnewWhoseKnownPageIsEmptyNow) {
  for (const bool is_announced : {false, true}) {
    Plan plan =
        plan_for_subjects({{.login = "a",
                            .account = 1,
                            .pages = {{.number = 1, .etag = "\"x\"", .target = "/a", .records = 9},
                                      {.number = 2, .target = "/a", .records = 3}},
                            .known_records = 12}},
                          {.attempts = 2});
    plan.complete(page(sent(plan), 2), at(0s));
    plan.complete(empty(sent(plan)), at(0s));
    const Task anew = sent(plan);
    EXPECT_EQ(anew.request.page, 1);
    EXPECT_EQ(anew.request.etag, "");
    EXPECT_EQ(anew.attempt, 2);
    plan.complete(page(anew, is_announced ? 2 : 1), at(0s));
    if (is_announced) plan.complete(empty(sent(plan)), at(0s));
    const Listing listing = stored(plan);
    EXPECT_EQ(listing.outcome, is_announced ? Outcome::failed : Outcome::ok);
    EXPECT_EQ(listing.pages.size(), 1U);
    EXPECT_FALSE(listing.came_empty);
  }
}

TEST(PlanLists, CountASkippedRecordAsOne) {
  for (const int way : {0, 1, 2}) {
    Plan plan = plan_for_subjects({{.login = "a", .account = 1, .known_records = 10}});
    TaskResult skipped = empty(sent(plan));
    Page& listed = std::get<PageRead>(*skipped.result).page;
    if (way == 0) listed.skipped = 1;
    if (way == 1) listed.skipped_ids = {7};
    if (way == 2) listed.unnamed_skips = 1;
    plan.complete(skipped, at(0s));
    EXPECT_EQ(stored(plan).outcome, Outcome::ok) << way;
  }
}

TEST(PlanLists, KeepTheOtherPagesWhenOneCannotBeHad) {
  Plan plan = plan_for_subjects({{.login = "a"}}, {.attempts = 2});
  plan.complete(page(sent(plan), 3), at(0s));
  const Task second = sent(plan);
  const Task third = sent(plan);
  const auto conflict = [](const Task& task) {
    TaskResult task_result = failure(task, FailureKind::incomplete_list, 409);
    task_result.result = fail(FailureKind::incomplete_list, "a page 2: HTTP 409");
    return task_result;
  };
  plan.complete(conflict(second), at(0s));
  plan.complete(page(third), at(0s));
  plan.complete(conflict(sent(plan)), at(0s));
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::failed);
  EXPECT_EQ(listing.error, "a: incompletely listed: page 2: HTTP 409");
  EXPECT_FALSE(listing.came_empty);
  ASSERT_EQ(listing.pages.size(), 2U);
  EXPECT_EQ(listing.pages[1].number, 3);
  step<Finished>(plan);
}

TEST(PlanLists, NeverBelieveAnAnswerThatIsNoList) {
  Plan plan = plan_for_subjects(
      {{.login = "a", .account = 1, .known_records = 10, .empty_before_run = true}},
      {.attempts = 2});
  answered(plan, 2,
           [](const Task& task) { return failure(task, FailureKind::incomplete_list, 204); });
  EXPECT_EQ(stored(plan).outcome, Outcome::failed);
}

TEST(PlanLists, ReportAListThatIsPartlyHidden) {
  Plan plan = plan_for_subjects({{.login = "a"}});
  TaskResult partial = page(sent(plan));
  std::get<PageRead>(*partial.result).page.partial = "X-GitHub-SSO: partial-results";
  plan.complete(partial, at(0s));
  const Notice say = step<Notice>(plan);
  EXPECT_EQ(say.weight, Severity::warning);
  EXPECT_EQ(say.text, "a: the list is partial: X-GitHub-SSO: partial-results");
  const Listing listing = stored(plan);
  EXPECT_EQ(listing.outcome, Outcome::ok);
  EXPECT_EQ(listing.incomplete, "X-GitHub-SSO: partial-results");
  EXPECT_EQ(listing.error, "a: X-GitHub-SSO: partial-results");
}

// Runs to the end; returns the messages.
std::vector<std::string> words_of_run(Plan& plan, MadeUpApi::Answerer answer) {
  std::vector<std::string> words;
  MadeUpApi api(4, std::move(answer));
  api.hear = [&](const Notice& say) { words.push_back(say.text); };
  EXPECT_TRUE(api.run(plan, 10'000));
  return words;
}

TEST(PlanLists, NameTheFirstUsersWhoseRecordsWereSkippedAndCountTheOthers) {
  Plan plan = plan_for(many(13), {.credits = 1});
  const auto words = words_of_run(plan, [](const Task& task, Time) {
    TaskResult task_result = page(task);
    Page& listed = std::get<PageRead>(*task_result.result).page;
    listed.skipped_ids = {1};
    listed.unnamed_skips = task.login == "user-0" ? 1 : 0;
    listed.skip_note = "$[1].owner is null";
    return task_result;
  });
  ASSERT_EQ(words.size(), 11U);
  EXPECT_EQ(words[0], "user-0: 2 records were skipped: $[1].owner is null");
  EXPECT_EQ(words[1], "user-1: 1 record was skipped: $[1].owner is null");
  EXPECT_EQ(words[10], "3 more users had records that were skipped");
}

TEST(PlanLists, SayARemarkOfTheApiOnceARun) {
  Plan plan = plan_for(many(3), {.credits = 1});
  const auto words = words_of_run(plan, [](const Task& task, Time) {
    TaskResult task_result = page(task);
    task_result.rate_limits.note = task.login == "user-2" ? "another" : "a Link of another host";
    return task_result;
  });
  EXPECT_THAT(words, ::testing::ElementsAre("a Link of another host", "another"));
}

}  // namespace
}  // namespace repopipe
