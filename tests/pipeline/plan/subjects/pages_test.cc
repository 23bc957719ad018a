#include "pipeline/plan/subjects/pages.h"

#include <gtest/gtest.h>

#include "pipeline/plan/subjects/identity.h"
#include "tests/pipeline/plan/plan_world.h"

namespace repopipe {
namespace {

using testing::kPlainProvider;
using testing::one_repo;

class APageOfAList : public ::testing::Test {
 protected:
  APageOfAList() {
    subject_.subject = {.login = "octocat", .account = 1};
    subject_.listing.login = "octocat";
    subject_.listing.account = 1;
  }
  PageStep accept(PageRead read, int attempt = 1) {
    Task task{.login = "octocat", .request = {.target = "/octocat"}, .attempt = attempt};
    task.request.page = read.page.number;
    subject_.listing.request_logs.emplace_back();
    return accept_page(subject_, task, read, rules_);
  }
  static PageRead page(int number, std::optional<std::uint64_t> total = {}) {
    PageRead read{{.number = number, .rows = one_repo()}};
    read.total = total;
    return read;
  }
  static PageRead empty_page() { return PageRead{{.number = 1}}; }

  SubjectState subject_{};
  PageRules rules_{.attempts = 3, .records = "repositories", .etag_owner = "t0"};
};

TEST_F(APageOfAList, IsCollectedWithItsFollowUps) {
  PageRead first = page(1);
  first.follow_ups.push_back({.target = "/octocat", .page = 2});
  const PageStep step = accept(std::move(first));
  ASSERT_TRUE(std::holds_alternative<PageCollected>(step));
  EXPECT_EQ(std::get<PageCollected>(step).follow_ups.size(), 1U);
  EXPECT_EQ(subject_.pages, 1U);
  EXPECT_EQ(subject_.missing, 0U);
}

TEST_F(APageOfAList, StartsTheListAgainIfItsTotalChanges) {
  accept(page(1, 7));
  const PageStep step = accept(page(2, 8));
  ASSERT_TRUE(std::holds_alternative<ListChanged>(step));
  EXPECT_EQ(std::get<ListChanged>(step).failure.message,
            "octocat: page 2 is of a list of 8 repositories, and others of 7");
  EXPECT_EQ(subject_.listing.request_logs.back().error,
            std::get<ListChanged>(step).failure.message);
}

TEST_F(APageOfAList, IsRefusedIfItIsEmptyAndRecordsAreKnown) {
  subject_.subject.known_records = 5;
  const PageStep step = accept(empty_page());
  ASSERT_TRUE(std::holds_alternative<PageRefused>(step));
  EXPECT_EQ(std::get<PageRefused>(step).failure.message,
            "octocat: page 1 is empty, but 5 repositories are known");
}

TEST_F(APageOfAList, IsBelievedIfItIsEmptyOnTheLastAttemptOfTwoRuns) {
  subject_.subject.known_records = 5;
  subject_.subject.empty_before_run = true;
  EXPECT_TRUE(std::holds_alternative<PageRefused>(accept(empty_page(), 2)));
  EXPECT_TRUE(std::holds_alternative<PageCollected>(accept(empty_page(), 3)));
  EXPECT_TRUE(subject_.listing.came_empty);
}

TEST_F(APageOfAList, ShowsNothingIfOnlyTheTotalCountsRecords) {
  PageRead first = empty_page();
  first.total = 4;
  EXPECT_TRUE(std::holds_alternative<PageCollected>(accept(std::move(first))));
  const auto failure = check_whole_list(subject_, "repositories");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::blocked);
}

class AnAccount : public APageOfAList {
 protected:
  IdentityStep not_found(RequestKind kind) {
    Task task;
    task.login = "octocat";
    task.request.kind = kind;
    return after_not_found(subject_, task, {FailureKind::not_found, "octocat: 404"},
                           kPlainProvider);
  }
};

TEST_F(AnAccount, IsAskedForByNumberIfItsLoginIsNotFound) {
  const IdentityStep step = not_found(RequestKind::page);
  ASSERT_TRUE(std::holds_alternative<AskInstead>(step));
  EXPECT_EQ(std::get<WhoIs>(std::get<AskInstead>(step).question).account, 1);
}

TEST_F(AnAccount, IsNotFoundIfItsNumberIsUnknown) {
  subject_.listing.account.reset();
  const IdentityStep step = not_found(RequestKind::page);
  ASSERT_TRUE(std::holds_alternative<Failure>(step));
  EXPECT_EQ(std::get<Failure>(step).kind, FailureKind::not_found);
}

TEST_F(AnAccount, IsProvenGoneIfItsNumberIsNotFound) {
  not_found(RequestKind::page);
  EXPECT_TRUE(std::holds_alternative<Failure>(not_found(RequestKind::account)));
  EXPECT_EQ(subject_.listing.proven_gone, 1);
}

TEST_F(AnAccount, IsListedByNumberUnderItsNewLogin) {
  not_found(RequestKind::page);
  const IdentityStep step = after_account(subject_, {1, "octocat-2"}, kPlainProvider);
  EXPECT_TRUE(std::holds_alternative<ListFromStart>(step));
  EXPECT_TRUE(std::holds_alternative<ListingOfAccount>(question_of(subject_, kPlainProvider)));
}

TEST_F(AnAccount, IsHiddenIfItExistsUnderTheSameLogin) {
  not_found(RequestKind::page);
  const IdentityStep step = after_account(subject_, {1, "Octocat"}, kPlainProvider);
  ASSERT_TRUE(std::holds_alternative<Failure>(step));
  EXPECT_EQ(std::get<Failure>(step).kind, FailureKind::hidden);
}

TEST_F(AnAccount, IsAskedForIfItsLoginBelongsToAnotherNow) {
  PageRead read{{.number = 1, .rows = one_repo(2, "octocat")}};
  accept(std::move(read));
  const auto question = question_for_former(subject_, kPlainProvider);
  ASSERT_TRUE(question);
  EXPECT_EQ(std::get<WhoIs>(*question).account, 1);
  EXPECT_EQ(subject_.missing, 1U);
}

}  // namespace
}  // namespace repopipe
