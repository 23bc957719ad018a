// Runs that are cut short, politely or not: what was finished stays, the next run does the rest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <random>
#include <sstream>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// More than the tickets that a run has out at a time.
std::vector<std::string> many_users() {
  std::vector<std::string> users;
  for (int i = 0; i < 100; ++i) users.push_back("user-" + std::to_string(i));
  return users;
}

// The kernel's list of signals that the process has not yet taken.
bool is_pending(pid_t pid, int signal) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("ShdPnd:")) continue;
    return (std::stoull(line.substr(7), nullptr, 16) >> (signal - 1) & 1) != 0;
  }
  return false;
}

// Returns once the program has taken the signal, or has ended.
void deliver(Process& process, int signal) {
  process.signal(signal);
  while (is_pending(process.pid(), signal) && !process.ends_within(1ms)) {
  }
}

class PoliteStop : public ::testing::TestWithParam<std::tuple<int, int, std::string>> {};

TEST_P(PoliteStop, KeepsWhatIsFinishedAndTheNextRunDoesTheRestOnce) {
  const auto& [signal, exit_code, word] = GetParam();
  GatedApi api(10);
  const Nightly nightly(api.base_url(), many_users());
  const std::vector<std::string> four{"--set", "fetch.concurrency=4"};
  Process process(nightly.program(four));
  api.wait_until_held(4);
  deliver(process, signal);
  while (!process.ends_within(20ms)) api.release();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, exit_code);
  EXPECT_THAT(ended.err, HasSubstr(word + "; the next run goes on"));
  const int kept = std::stoi(value(nightly.database(), "SELECT count(*) FROM run_users"));
  EXPECT_GE(kept, 14) << "ten were finished, and four were under way";
  EXPECT_LT(kept, 100);
  EXPECT_EQ(query(nightly.database(), "SELECT id, status, exit_code FROM runs"),
            (Rows{{"1", "interrupted", std::to_string(exit_code)}}));

  api.open();
  const Ended rest = nightly.run(four);
  EXPECT_EQ(rest.exit_code, 0);
  EXPECT_THAT(rest.err, HasSubstr("resumed"));
  EXPECT_EQ(query(nightly.database(), "SELECT id, status, exit_code, resumed, users_ok FROM runs"),
            (Rows{{"1", "complete", "0", "1", "100"}}));
  std::map<std::string, int> once;
  for (const std::string& user : many_users()) once[user] = 1;
  EXPECT_EQ(api.asked(), once);
}

INSTANTIATE_TEST_SUITE_P(Signals, PoliteStop,
                         ::testing::Values(std::tuple(SIGINT, 130, "interrupted"),
                                           std::tuple(SIGTERM, 143, "terminated")),
                         [](const auto& info) { return std::get<2>(info.param); });

TEST(Interrupt, ASecondSignalEndsTheProgramAtOnce) {
  GatedApi api(10);
  const Nightly nightly(api.base_url(), many_users());
  Process process(nightly.program());
  api.wait_until_held(8);
  deliver(process, SIGINT);
  deliver(process, SIGTERM);
  EXPECT_EQ(process.wait().exit_code, 143);  // while the API holds every answer back
  api.open();
  EXPECT_EQ(nightly.run().exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "SELECT id, status, resumed, users_ok FROM runs"),
            (Rows{{"1", "complete", "1", "100"}}));
}

TEST(Interrupt, FreshBeginsAnewRun) {
  GatedApi api(10);
  const Nightly nightly(api.base_url(), many_users());
  Process process(nightly.program());
  api.wait_until_held(8);
  process.signal(SIGKILL);
  EXPECT_EQ(process.wait().signal, SIGKILL);
  api.open();
  EXPECT_EQ(nightly.run({"--fresh"}).exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "SELECT id, status, resumed, users_ok FROM runs ORDER BY id"),
            (Rows{{"1", "interrupted", "0", "0"}, {"2", "complete", "0", "100"}}));
}

// A signal while nothing is under way yet, here while a command for a token runs.
TEST(Interrupt, ASignalBeforeTheRunEndsTheProgram) {
  const Nightly nightly("http://127.0.0.1:9", {"octocat"});
  const auto started = nightly.folder() / "started";
  ASSERT_EQ(mkfifo(started.c_str(), 0600), 0);
  Process process(
      nightly.program({"--set", "provider.tokens=['cmd:echo > started; exec sleep 1000']"}));
  EXPECT_EQ(read_file(started), "\n");
  process.signal(SIGINT);
  EXPECT_EQ(process.wait().exit_code, 130);
}

// False also for a database that was not made to its end.
bool has_complete_run(const std::filesystem::path& database) {
  if (!std::filesystem::exists(database)) return false;
  if (query(database, "SELECT 1 FROM sqlite_schema WHERE name = 'runs'").empty()) return false;
  return !query(database, "SELECT 1 FROM runs WHERE status = 'complete'").empty();
}

TEST(Interrupt, KilledAtAnyMomentTheRestLeadsToTheSameDatabase) {
  const Simulator github(small_world() + std::vector<std::string>{"--latency", "5ms"});
  const std::vector<std::string> users = users_of(small_world());
  const Nightly undisturbed(github.base_url(), users);
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(undisturbed.run().exit_code, 0);
  const std::chrono::duration<double, std::milli> whole = std::chrono::steady_clock::now() - begin;
  const auto expected = dump(undisturbed.database(), Part::facts);
  const Nightly nightly(github.base_url(), users);
  std::mt19937 random(20261122);
  int kills = 0;
  bool is_complete = false;
  while (!is_complete) {
    const double share = kills == 0 ? 0.3 : std::uniform_real_distribution(0.0, 0.8)(random);
    Process process(nightly.program());
    const bool is_last = kills == 12;
    if (!is_last &&
        !process.ends_within(std::chrono::milliseconds(static_cast<int>(share * whole.count())))) {
      process.signal(SIGKILL);
    }
    const Ended ended = process.wait();
    if (ended.signal == SIGKILL) {
      ++kills;  // perhaps after the last word of the run, in which case there is no rest
      is_complete = has_complete_run(nightly.database());
    } else {
      ASSERT_EQ(ended.exit_code, 0) << ended.err;
      is_complete = true;
    }
  }
  EXPECT_GT(kills, 0);
  EXPECT_EQ(query(nightly.database(), "PRAGMA integrity_check"), (Rows{{"ok"}}));
  EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM runs"), "1");
  EXPECT_THAT(difference(dump(nightly.database(), Part::facts), expected), IsEmpty());
}

}  // namespace
}  // namespace repopipe::e2e
