#include "pipeline/plan/run_tally.h"

#include <gtest/gtest.h>

namespace repopipe {
namespace {

TEST(RunTally, HasTooManyFailuresAboveTheRatioAndNotAtIt) {
  RunTally tally({});
  EXPECT_FALSE(tally.is_incomplete(0));  // of no users
  for (int i = 0; i < 9; ++i) tally.settled(Outcome::ok);
  tally.settled(Outcome::failed);
  EXPECT_FALSE(tally.is_incomplete(0.1));
  EXPECT_TRUE(tally.is_incomplete(0.09));
  EXPECT_TRUE(tally.is_incomplete(0));
  EXPECT_EQ(tally.settled(), 10U);
}

TEST(RunTally, CountsNoFailureWhereASubjectIsNotFoundOrBlocked) {
  RunTally tally({});
  for (const Outcome outcome : {Outcome::not_found, Outcome::blocked, Outcome::renamed}) {
    tally.settled(outcome);
  }
  EXPECT_FALSE(tally.is_incomplete(0));
}

TEST(RunTally, TakesTheRunThatItContinuesAlong) {
  RunTally tally({.settled = 8, .failed = 2});
  tally.settled(Outcome::ok);
  tally.settled(Outcome::failed);
  EXPECT_EQ(tally.settled(), 2U);
  EXPECT_FALSE(tally.is_incomplete(0.3));
  EXPECT_EQ(tally.explain(0), "3 of 10 users failed, more than run.fail_ratio allows");
}

TEST(RunTally, NamesTheMostFrequentCauseByItsFirstExample) {
  RunTally tally({});
  tally.failed({FailureKind::timeout, "a: no response"});
  tally.failed({FailureKind::server_error, "b: HTTP 502"});
  for (int i = 0; i < 3; ++i) tally.settled(Outcome::failed);
  EXPECT_EQ(tally.explain(0), "3 of 3 users failed, more than run.fail_ratio allows");
  tally.failed({FailureKind::server_error, "c: HTTP 500"});
  EXPECT_EQ(tally.explain(0),
            "3 of 3 users failed, more than run.fail_ratio allows; most often (2 times): "
            "b: HTTP 502");
}

}  // namespace
}  // namespace repopipe
