#include "pipeline/base/failure.h"

#include <gtest/gtest.h>

#include <vector>

namespace repopipe {
namespace {

TEST(Failure, NamesThePlaceFromTheOutsideIn) {
  const Failure failure{FailureKind::server_error, "HTTP 502"};
  EXPECT_EQ(failure.within("page 2").within("octocat").message, "octocat: page 2: HTTP 502");
  EXPECT_EQ(failure.within("octocat").kind, FailureKind::server_error);
}

TEST(FailurePolicy, HasARowForEachKind) {
  EXPECT_EQ(policy_of(FailureKind::transport).name, "transport");
  EXPECT_EQ(policy_of(FailureKind::transport).rule, RetryRule::retry);
  EXPECT_EQ(policy_of(FailureKind::bad_record).rule, RetryRule::fail_user);
  EXPECT_EQ(policy_of(FailureKind::database).rule, RetryRule::end_run);
  EXPECT_EQ(policy_of(FailureKind::database).exit_code, ExitCode::database);
  EXPECT_EQ(policy_of(FailureKind::worker_lost).rule, RetryRule::resend);
  EXPECT_EQ(policy_of(FailureKind::worker_crashed).rule, RetryRule::resend);
  EXPECT_EQ(policy_of(FailureKind::queue).rule, RetryRule::wait);
  EXPECT_EQ(policy_of(FailureKind::queue).exit_code, ExitCode::unreachable);
  EXPECT_EQ(policy_of(FailureKind::internal).name, "internal");
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
