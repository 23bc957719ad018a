// An API that enforces its limits: a run stays below them, waits, or leaves the rest to the next
// run.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using ::testing::HasSubstr;

using Options = std::vector<std::string>;

TEST(Limits, AQuotaThatIsUsedUpIsWaitedFor) {
  Simulator github(small_world() + Options{"--quota", "80", "--quota-window", "3s"});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  const Ended ended = nightly.run();
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("waiting: the quota of requests without a token is used up; "
                                   "continues at 20"));
  EXPECT_EQ(value(nightly.database(), "SELECT users_ok FROM latest_run"), "120");
  EXPECT_EQ(value(nightly.database(), "SELECT waiting_ms > 500 FROM runs"), "1");
  EXPECT_EQ(query(nightly.database(), "SELECT cause, times, ms > 500 FROM run_waits"),
            (Rows{{"quota", "1", "1"}}));
  EXPECT_EQ(value(nightly.database(),
                  "SELECT abs(waiting_ms - (SELECT sum(ms) FROM run_waits)) < 0.001 FROM runs"),
            "1");
  EXPECT_EQ(query(nightly.database(),
                  "SELECT token, quota_limit, remaining <= 80, resets_at > '2026', expires_at "
                  "FROM run_tokens"),
            (Rows{{"anonymous", "80", "1", "1", "NULL"}}));
  EXPECT_EQ(value(nightly.database(),
                  "SELECT r.requests = sum(c.count) AND r.bytes = sum(c.bytes) AND r.fetch_busy_ms "
                  "- sum(c.total_ms) < 0.1 FROM runs r JOIN run_requests c ON c.run_id = r.id"),
            "1");
  EXPECT_EQ(github.report().at("impolite"), 0);
}

TEST(Limits, AWaitIsShownInTheDisplay) {
  Simulator github(small_world() + Options{"--quota", "80", "--quota-window", "3s"});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  const Ended ended = nightly.run({"--progress", "always"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("80 of 120 users"));
  EXPECT_THAT(ended.err, HasSubstr("  waiting  the quota of "));
  EXPECT_THAT(ended.err, Not(HasSubstr("repopipe: waiting")));
}

TEST(Limits, AWaitThatIsTooLongLeavesTheRestToTheNextRun) {
  Simulator github(small_world() + Options{"--quota", "50"});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  const Ended ended = nightly.run({"--set", "run.max_wait=10m"});
  EXPECT_EQ(ended.exit_code, 75);
  EXPECT_THAT(ended.err, HasSubstr("longer than run.max_wait allows; the next run resumes"));
  EXPECT_EQ(query(nightly.database(), "SELECT status, exit_code FROM runs"),
            (Rows{{"limited", "75"}}));
  EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM run_users WHERE outcome = 'ok'"), "50");
  EXPECT_EQ(github.report().at("impolite"), 0);
}

TEST(Limits, TheReserveIsLeftToOthers) {
  Simulator github(small_world() + Options{"--quota", "50"});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  const Ended ended = nightly.run({"--set", "run.max_wait=10m", "--set", "limits.reserve=20"});
  EXPECT_EQ(ended.exit_code, 75);
  EXPECT_EQ(github.report().at("requests"), 30);
}

TEST(Limits, ALimitOnWhatIsInFlightIsNotReached) {
  Simulator github(small_world() +
                   Options{"--max-concurrent", "8", "--latency", "5ms", "--minute", "1s"});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  const Ended ended = nightly.run();
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(github.report().at("impolite"), 0);
}

// Requests that were in flight when the refusal was read may arrive during the wait.
TEST(Limits, ASecondaryLimitThatIsHitIsWaitedFor) {
  constexpr int kConcurrency = 8;
  Simulator github(small_world() + Options{"--max-per-minute", "60", "--minute", "1s"});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  const Ended ended = nightly.run(
      {"--set", "run.max_wait=0s", "--set", fmt::format("fetch.concurrency={}", kConcurrency)});
  EXPECT_EQ(ended.exit_code, 75) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("secondary rate limit"));
  const nlohmann::json report = github.report();
  EXPECT_LT(report.at("during_wait").at("count"), kConcurrency);
  EXPECT_EQ(report.at("over_limit").at("count"), 1);
}

// The second run would have to wait for most of a minute, and may not.
TEST(Limits, AMinuteGoesOnInTheNextRun) {
  Simulator github(small_world());
  const std::vector<std::string> users = simulated_logins(small_world());
  const Nightly nightly(github.base_url(), users);
  const std::string limit = fmt::format("limits.requests_per_minute={}", users.size());
  EXPECT_EQ(nightly.run({"--set", limit}).exit_code, 0);
  const std::string sent = value(nightly.database(), "SELECT count(*) FROM requests");
  const Ended second = nightly.run({"--set", limit, "--set", "run.deadline=2s"});
  EXPECT_EQ(second.exit_code, 75) << second.err;
  EXPECT_THAT(second.err,
              HasSubstr("waiting: limits.requests_per_minute (120) is reached; continues at 20"));
  EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM requests"), sent);
}

}  // namespace
}  // namespace repopipe::e2e
