// Runs with worker processes reach the same database, whatever happens to the workers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <random>

#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/workers.h"
#include "tests/e2e/world.h"
#include "tests/testing/sanitized.h"

namespace repopipe::e2e {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

const std::vector<std::string> kThree{"--set", "execution.processes=3"};

std::vector<std::string> large_world() {
  return {"--accounts", is_sanitized() ? "300" : "2000", "--seed", "11", "--small"};
}

class Processes : public ::testing::Test {
 protected:
  // What an undisturbed run in one process has made.
  static std::vector<std::string> expected(Part part) {
    static const Nightly undisturbed = [] {
      const Simulator calm(large_world());
      Nightly nightly(calm.base_url(), users());
      EXPECT_EQ(nightly.run().exit_code, 0);
      return nightly;
    }();
    return dump(undisturbed.database(), part);
  }
  static const std::vector<std::string>& users() {
    static const std::vector<std::string> all = users_of(large_world());
    return all;
  }
  static void expect_same(const Nightly& nightly, Part part = Part::facts) {
    EXPECT_EQ(query(nightly.database(), "PRAGMA integrity_check"), (Rows{{"ok"}}));
    EXPECT_THAT(difference(dump(nightly.database(), part), expected(part)), IsEmpty());
  }
  static int settled(const Nightly& nightly) {
    try {
      return std::stoi(value(nightly.database(), "SELECT count(*) FROM run_users"));
    } catch (const std::exception&) {
      return 0;  // it is not there yet
    }
  }
  // Waits until so many users are in the database.
  static void progress_to(int count, Process& process, const Nightly& nightly) {
    while (settled(nightly) < count && !process.ends_within(1ms)) {
    }
  }
};

TEST_F(Processes, ComeToTheSameFactsThroughFaults) {
  const Simulator troubled(large_world() +
                           std::vector<std::string>{"--fault-5xx", "5", "--fault-reset", "5"});
  for (const char* engine : {"event_loop", "threads"}) {
    const Nightly nightly(troubled.base_url(), users());
    const Ended ended = nightly.run(
        kThree + std::vector<std::string>{"--set", std::string("fetch.engine=") + engine});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(replacements(ended.err), IsEmpty());
    expect_same(nightly);
  }
}

// Workers are killed one after another during the whole run.
TEST_F(Processes, ComeToTheSameFactsWhateverIsKilled) {
  Simulator github(large_world() +
                   std::vector<std::string>{"--max-concurrent", "8", "--latency", "2ms"});
  const Nightly nightly(github.base_url(), users());
  Process process(nightly.program(kThree));
  std::mt19937 random(20261123);
  int kills = 0;
  const int step = static_cast<int>(users().size()) / 40;
  for (int next = 1; !process.ends_within(1ms); next += step) {
    progress_to(next, process, nightly);
    const std::vector<pid_t> workers = workers_of(process.pid());
    if (workers.empty()) continue;
    const auto victim = std::uniform_int_distribution<std::size_t>(0, workers.size() - 1)(random);
    kill(workers[victim], SIGKILL);
    ++kills;
  }
  const Ended ended = process.wait();
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_GT(kills, 10);
  expect_same(nightly);
  EXPECT_GT(replacements(ended.err).size(), 10U);
  for (const std::string& line : replacements(ended.err)) {
    EXPECT_THAT(line,
                MatchesRegex("repopipe: warning: worker [123] \\(process [0-9]+\\) was killed from "
                             "outside \\(SIGKILL\\); restarted"));
  }
  EXPECT_NE(
      value(nightly.database(), "SELECT count(*) FROM requests WHERE outcome = 'worker_lost'"),
      "0");
  const nlohmann::json report = github.report();
  EXPECT_EQ(report.at("impolite"), 0) << report;
}

TEST_F(Processes, NoneOutlivesItsRunAndTheNextRunGoesOn) {
  const Simulator github(large_world() + std::vector<std::string>{"--latency", "2ms"});
  const Nightly nightly(github.base_url(), users());
  for (int part = 1; part <= 3; ++part) {
    Process process(nightly.program(kThree));
    progress_to(part * 50, process, nightly);
    const std::vector<pid_t> workers = workers_of(process.pid());
    const Watched watched(workers);
    ASSERT_EQ(watched.count(), 3U);
    kill(workers[0], SIGSTOP);  // one that cannot even notice
    process.signal(SIGKILL);
    EXPECT_TRUE(watched.all_end_within(30s)) << part;
    EXPECT_EQ(process.wait().signal, SIGKILL);
  }
  const Ended rest = nightly.run(kThree);
  ASSERT_EQ(rest.exit_code, 0) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("resumed"));
  EXPECT_EQ(query(nightly.database(), "SELECT id, status, resumed FROM runs"),
            (Rows{{"1", "complete", "3"}}));
  expect_same(nightly, Part::world);
  EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM run_users"),
            std::to_string(users().size()));
}

TEST_F(Processes, OfOneExchangeStartNone) {
  const Simulator github(small_world());
  const Nightly nightly(github.base_url(), users_of(small_world()));
  const Ended ended =
      nightly.run(kThree + std::vector<std::string>{"--set", "fetch.concurrency=1"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
}

// The page of one user crashes its parser.
TEST(Poison, FailsItsUserAndNamesItAndAffectsNoOther) {
  const Simulator github(small_world());
  const std::vector<std::string> users = simulated_logins(small_world());
  const Nightly healthy(github.base_url(), users);
  ASSERT_EQ(healthy.run().exit_code, 0);
  const std::string victim = value(
      healthy.database(), "SELECT login FROM run_users WHERE repos > 0 ORDER BY login LIMIT 1");
  for (const auto& [fail_ratio, exit_code] : {std::pair("0", 65), std::pair("0.5", 0)}) {
    const Nightly nightly(github.base_url(), users);
    Program program = nightly.program(
        kThree + std::vector<std::string>{"--set", std::string("run.fail_ratio=") + fail_ratio});
    program.arguments[0] = REPOPIPE_BINARY_DIR "/poisoned_repopipe";
    program.environment["REPOPIPE_TEST_POISON"] = "\"full_name\":\"" + victim + "/";
    const Ended ended = run(program);
    EXPECT_EQ(ended.exit_code, exit_code) << ended.err;
    EXPECT_EQ(query(nightly.database(),
                    "SELECT login, outcome, error FROM run_users "
                    "WHERE outcome NOT IN ('ok', 'unchanged')"),
              (Rows{{victim, "failed",
                     victim + " page 1: its worker crashed (Aborted); that happened 3 times"}}));
    EXPECT_EQ(replacements(ended.err).size(), 3U) << ended.err;
    const std::string of_others =
        "SELECT login, repos, repos_new FROM run_users WHERE login <> '" + victim + "' ORDER BY 1";
    EXPECT_EQ(query(nightly.database(), of_others), query(healthy.database(), of_others));
    const std::string repos =
        "SELECT id, full_name, stargazers_count FROM repos WHERE full_name "
        "NOT LIKE '" +
        victim + "/%' ORDER BY 1";
    EXPECT_EQ(query(nightly.database(), repos), query(healthy.database(), repos));
  }
}

}  // namespace
}  // namespace repopipe::e2e
