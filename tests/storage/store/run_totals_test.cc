// What the end of a run writes beside its row: waits, tokens, requests.
#include <gmock/gmock.h>

#include "storage/store/run_table.h"
#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using namespace std::chrono_literals;

class RunTotalsTest : public StoreTest {
 protected:
  // Resumes an unfinished run.
  void started(int day) {
    const auto start = RunTable(*database_, test_resources())
                           .begin({"nightly", "0.2.0", on_day(day)}, Unfinished::resume);
    ASSERT_TRUE(start) << start.error().message;
    run_id_ = start->run_id;
  }
  void ended(RunStatus status, const RunTimes& times = {}, std::vector<TokenState> tokens = {}) {
    const RunEnd end{status, ExitCode::try_later, "out of time", times, std::move(tokens)};
    EXPECT_TRUE(RunTable(*database_, test_resources()).finish(run_id_, end, Marks{}, on_day(9)));
  }
};

TEST_F(RunTotalsTest, AddsUpTheWaitsOfARunInParts) {
  RunTimes times{.waiting = 1500ms};
  times.waits[static_cast<std::size_t>(WaitCause::quota)] = {1s, 1};
  times.waits[static_cast<std::size_t>(WaitCause::retry)] = {500ms, 3};
  started(0);
  ended(RunStatus::deadline, times);
  EXPECT_THAT(query("SELECT * FROM run_waits"), ElementsAre("1|quota|1000.0|1", "1|retry|500.0|3"));
  started(1);
  ended(RunStatus::complete, times);
  EXPECT_THAT(query("SELECT * FROM run_waits"),
              ElementsAre("1|quota|2000.0|2", "1|retry|1000.0|6"));
  EXPECT_THAT(query("SELECT waiting_ms, (SELECT sum(ms) FROM run_waits) FROM runs"),
              ElementsAre("3000.0|3000.0"));
}

TEST_F(RunTotalsTest, KeepsWhatWasToldOfEachTokenLast) {
  started(0);
  ended(RunStatus::deadline, {},
        {{.token = "env:A",
          .quota_limit = 5000,
          .remaining = 9,
          .resets_at = 1'795'000'000,
          .expires_at = on_day(40)},
         {.token = "env:B"}});
  started(1);
  ended(RunStatus::complete, {}, {{.token = "env:A", .quota_limit = 5000, .remaining = 7}});
  EXPECT_THAT(query("SELECT * FROM run_tokens"),
              ElementsAre("1|env:A|5000|7|2026-11-18T11:06:40.000Z|2026-12-11T00:00:00.000Z",
                          "1|env:B|NULL|NULL|NULL|NULL"));
}

TEST_F(RunTotalsTest, CountsRequestsByStatusAndOutcomeOverAllParts) {
  const auto request = [](int status, std::string outcome, Duration total) {
    RequestLog log = request_log(1, 10);
    log.status = status;
    log.outcome = std::move(outcome);
    log.timing.total = total;
    return log;
  };
  started(0);
  Listing left = bare("left", on_day(0), Outcome::abandoned);
  left.request_logs = {request(0, "transport", 11s), request(200, "ok", 50ms)};
  ASSERT_TRUE(write({left}));
  ended(RunStatus::interrupted);
  EXPECT_THAT(query("SELECT run_id, status, outcome, count FROM run_requests"),
              ElementsAre("1|0|transport|1", "1|200|ok|1"));
  started(1);
  Listing anna = listing(kAnna, on_day(1), {});
  anna.request_logs = {request(200, "ok", 51ms), request(200, "ok", 1s)};
  ASSERT_TRUE(write({anna}));
  ended(RunStatus::complete);
  EXPECT_THAT(query("SELECT * FROM run_requests"),
              ElementsAre("1|0|transport|1|10|11000.0|0|0|0|0|0|0|0|0",
                          "1|200|ok|3|30|1101.0|1|2|2|2|3|3|3|3"));
  EXPECT_THAT(query("SELECT requests, bytes FROM runs"), ElementsAre("4|40"));
}

}  // namespace
}  // namespace repopipe
