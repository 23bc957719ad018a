#include "storage/query/run_cost.h"

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

class RunCostTest : public StoreTest {};

TEST_F(RunCostTest, ReportsTimesAndRequestsInFlight) {
  begin(0);
  Listing anna = listing(kAnna, on_day(0), {{1, "one"}, {2, "two"}});
  anna.request_logs = {request_log(1, 10), request_log(2, 10)};
  for (RequestLog& each : anna.request_logs) each.timing.total = 300ms;
  ASSERT_TRUE(write({anna}));
  finish();
  ASSERT_TRUE(
      database_->execute("UPDATE runs SET starting_ms = 1, fetching_ms = 400, "
                         "processing_ms = 2.5, waiting_ms = 3, finishing_ms = 4"));
  const auto cost = run_cost(database_path());
  ASSERT_TRUE(cost) << cost.error().message;
  EXPECT_DOUBLE_EQ(cost->in_flight, 1.5);
  EXPECT_EQ(cost->users, 1U);
  EXPECT_EQ(cost->repositories, 2U);
  EXPECT_EQ(cost->requests, 2U);
  EXPECT_EQ(cost->times.starting, 1ms);
  EXPECT_EQ(cost->times.fetching, 400ms);
  EXPECT_EQ(cost->times.processing, 2500us);
  EXPECT_EQ(cost->times.waiting, 3ms);
  EXPECT_EQ(cost->times.finishing, 4ms);
}

TEST_F(RunCostTest, HasNoRequestsInFlightWithoutRequests) {
  run(0, {});
  ASSERT_TRUE(database_->execute("UPDATE runs SET fetching_ms = 0"));
  EXPECT_DOUBLE_EQ(run_cost(database_path())->in_flight, 0);
}

TEST_F(RunCostTest, ADatabaseWithoutARunIsAFailure) {
  EXPECT_FALSE(run_cost(database_path()));
}

}  // namespace
}  // namespace repopipe
