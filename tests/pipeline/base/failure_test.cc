#include "pipeline/base/failure.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>
#include <vector>

namespace repopipe {
namespace {

TEST(Failure, NamesThePlaceFromTheOutsideIn) {
  const Failure failure{FailureKind::server_error, "HTTP 502"};
  EXPECT_EQ(failure.within("page 2").within("octocat").message, "octocat: page 2: HTTP 502");
  EXPECT_EQ(failure.within("octocat").kind, FailureKind::server_error);
}

// In the order of the enumeration, `internal` last.
std::vector<FailurePolicy> rows() {
  std::vector<FailurePolicy> all;
  for (int kind = 0; kind <= static_cast<int>(FailureKind::internal); ++kind) {
    all.push_back(policy_of(static_cast<FailureKind>(kind)));
  }
  return all;
}

TEST(FailurePolicy, HasARowWithANameOfItsOwnForEachKind) {
  std::set<std::string_view> names;
  for (const FailurePolicy& row : rows()) {
    EXPECT_FALSE(row.name.empty());
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(&policy_of(row.kind), &policy_of(rows()[static_cast<std::size_t>(row.kind)].kind));
  }
  EXPECT_EQ(names.size(), 35U);
}

TEST(FailurePolicy, SaysWhatBecomesOfEachKind) {
  EXPECT_EQ(policy_of(FailureKind::transport).rule, RetryRule::retry);
  EXPECT_EQ(policy_of(FailureKind::bad_record).rule, RetryRule::fail_user);
  EXPECT_EQ(policy_of(FailureKind::database).rule, RetryRule::end_run);
  EXPECT_EQ(policy_of(FailureKind::database).exit_code, ExitCode::database);
  EXPECT_EQ(policy_of(FailureKind::worker_lost).rule, RetryRule::resend);
  EXPECT_EQ(policy_of(FailureKind::worker_crashed).rule, RetryRule::resend);
  EXPECT_EQ(policy_of(FailureKind::queue).rule, RetryRule::wait);
  EXPECT_EQ(policy_of(FailureKind::queue).exit_code, ExitCode::unreachable);
}

TEST(FailurePolicy, EndsNoProgramAsIfItHadSucceeded) {
  for (const FailurePolicy& row : rows()) EXPECT_NE(row.exit_code, ExitCode::complete) << row.name;
}

// What waits must know what for, and an outage is found out by retries.
TEST(FailurePolicy, CoolsDownWhatIsWaitedFor) {
  for (const FailurePolicy& row : rows()) {
    const bool waits = row.rule == RetryRule::wait;
    const bool is_limit = row.cooldown == CoolsDown::quota || row.cooldown == CoolsDown::all ||
                          row.cooldown == CoolsDown::queue;
    EXPECT_EQ(waits, is_limit) << row.name;
    const bool may_be_outage = row.cooldown == CoolsDown::network;
    EXPECT_TRUE(!may_be_outage || row.rule == RetryRule::retry) << row.name;
  }
}

// A retry without a count would never end.
TEST(FailurePolicy, CountsWhatIsTriedAgain) {
  for (const FailurePolicy& row : rows()) {
    EXPECT_EQ(row.rule == RetryRule::retry, row.counts_as == CountsAs::attempt) << row.name;
    const bool is_of_worker = row.counts_as == CountsAs::loss || row.counts_as == CountsAs::crash;
    const bool is_resent = row.rule == RetryRule::resend;
    EXPECT_TRUE(!is_of_worker || is_resent) << row.name;
    EXPECT_TRUE(!is_resent || is_of_worker || row.exchanged == Exchanged::no) << row.name;
    const bool asks_for_less = row.ask_for_less != AskForLess::no;
    EXPECT_TRUE(!asks_for_less || row.rule == RetryRule::retry) << row.name;
  }
}

TEST(FailurePolicy, FailsASubjectWithAnOutcomeOfAFailure) {
  for (const FailurePolicy& row : rows()) {
    const bool is_failure = row.outcome == Outcome::failed || row.outcome == Outcome::blocked ||
                            row.outcome == Outcome::not_found;
    EXPECT_TRUE(is_failure) << row.name;
  }
}

TEST(FailureKind, IsFoundByTheExitCodeThatItEndsWith) {
  for (const FailurePolicy& row : rows()) {
    EXPECT_EQ(policy_of(failure_kind_of(row.exit_code)).exit_code, row.exit_code) << row.name;
  }
  EXPECT_EQ(failure_kind_of(static_cast<ExitCode>(1)), FailureKind::internal);
}

TEST(ExitCodes, AreTheContract) {
  std::vector<int> codes;
  for (const ExitCodeMeaning& row : exit_codes()) codes.push_back(static_cast<int>(row.code));
  EXPECT_EQ(codes, (std::vector{0, 64, 65, 69, 70, 71, 73, 74, 75, 77, 78, 130, 143}));
}

TEST(Result, HoldsAValueOrAFailure) {
  const Result<int> good = 7;
  const Result<int> bad = fail(FailureKind::timeout, "too slow");
  EXPECT_EQ(*good, 7);
  EXPECT_EQ(bad.error(), (Failure{FailureKind::timeout, "too slow"}));
}

TEST(Result, EqualsAnotherOfTheSameKind) {
  const Result<int> one = 1, two = 2, none = fail(FailureKind::timeout, "slow");
  EXPECT_EQ(one, Result<int>(1));
  EXPECT_FALSE(one == two);
  EXPECT_FALSE(one == none);
  EXPECT_EQ(none, Result<int>(fail(FailureKind::timeout, "slow")));
  EXPECT_FALSE(none == Result<int>(fail(FailureKind::connect, "slow")));
  EXPECT_EQ(Status(), Status());
}

}  // namespace
}  // namespace repopipe
