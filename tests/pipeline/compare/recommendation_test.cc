#include <gtest/gtest.h>

#include "pipeline/compare/compared_text.h"
#include "tests/pipeline/compare/made_up_measures.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using enum Way;

std::string recommended(std::vector<Measure> measures) {
  return recommendation(compared_of(std::move(measures)));
}

TEST(Recommendation, OfTwoAsFastTheSimpler) {
  EXPECT_EQ(recommended({measured(sequential, 1, 80s), measured(event_loop, 8, 10'300ms),
                         measured(threads, 8, 10s, Bytes{30'000'000})}),
            "Use event_loop at 8: it is 7.8 times as fast as sequential because 8.0 requests wait "
            "for the API at once; threads at 8 is as fast with 1.5 times the memory.");
}

TEST(Recommendation, TheFasterWhereItIsFaster) {
  EXPECT_EQ(recommended({measured(event_loop, 8, 11s), measured(threads, 8, 10s)}),
            "Use threads at 8: 8.0 requests wait for the API at once; event_loop at 8 takes 10 % "
            "longer.");
}

TEST(Recommendation, TheSmallestConcurrencyThatIsAsFast) {
  EXPECT_EQ(recommended({measured(event_loop, 8, 10s), measured(event_loop, 100, 9'800ms)}),
            "Use event_loop at 8: 8.0 requests wait for the API at once; more concurrent requests "
            "are not "
            "faster.");
}

TEST(Recommendation, ProcessesPayWhereTheProcessorsAreTheLimit) {
  Measure loop = measured(event_loop, 8, 20s), pool = measured(processes, 8, 10s);
  loop.cpu = 20s;
  pool.cpu = 19s;
  EXPECT_EQ(recommended({loop, pool}),
            "Use processes at 8: the processors are the limit (1.9 of 2 are busy); event_loop at 8 "
            "takes 2.0 times as long.");
}

TEST(Recommendation, ProcessesDoNotPayElsewhere) {
  EXPECT_EQ(
      recommended({measured(event_loop, 8, 10s), measured(processes, 8, 13s, Bytes{60'000'000}),
                   measured(queue, 8, 15s, Bytes{10'000'000})}),
      "Use event_loop at 8: 8.0 requests wait for the API at once; processes at 8 takes 30 % "
      "longer with 3.0 times the memory; queue at 8 takes 1.5 times as long with less "
      "memory.");
}

TEST(Recommendation, SequentialWhereNothingIsFaster) {
  EXPECT_EQ(recommended({measured(sequential, 1, 10s), measured(threads, 8, 10s)}),
            "Use sequential: each request waits for the one before it; threads at 8 is as fast.");
}

TEST(Recommendation, SaysThatTheLimitsDecide) {
  Measure loop = measured(event_loop, 8, 100s);
  loop.cost.times = {.fetching = 30s, .waiting = 70s};
  EXPECT_EQ(recommended({loop, measured(threads, 8, 100s)}),
            "Use event_loop at 8: 70 % of the wall time was spent waiting for the API's limits, "
            "which is the same in every way.");
}

TEST(Recommendation, SaysThatTheRunsAreTooShort) {
  EXPECT_EQ(recommended({measured(sequential, 1, 4s), measured(event_loop, 8, 500ms)}),
            "Perhaps event_loop at 8: it is 8.0 times as fast as sequential; but the fastest run "
            "took 0.50 s, and under one second the ways cannot be distinguished: compare with "
            "more users.");
}

TEST(Recommendation, SaysThatThereIsNoChoice) {
  EXPECT_EQ(recommended({measured(threads, 8, 4s)}),
            "Only threads at 8 was measured, so there is nothing to compare.");
}

TEST(Recommendation, AcceptsARunThatTookNoTime) {
  EXPECT_NE(recommended({measured(threads, 8, 0s), measured(event_loop, 8, 0s)}), "");
}

}  // namespace
}  // namespace repopipe
