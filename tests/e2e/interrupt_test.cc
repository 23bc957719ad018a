// Interrupted runs: finished users stay, and the next run does the others.  kill_sweep_test.cc and
// kill_moments_test.cc interrupt them everywhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <map>

#include "tests/e2e/deliver.h"
#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"

namespace repopipe::e2e {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

// More than the tasks of a run.
std::vector<std::string> many_users() {
  std::vector<std::string> users;
  for (int i = 0; i < 100; ++i) users.push_back("user-" + std::to_string(i));
  return users;
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
  EXPECT_THAT(ended.err, HasSubstr(word + "; the next run resumes"));
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
                                           std::tuple(SIGTERM, 143, "terminated"),
                                           std::tuple(SIGHUP, 143, "terminated")),
                         [](const auto& info) { return sigabbrev_np(std::get<0>(info.param)); });

TEST(Interrupt, TheFirstSignalIsAnsweredAtOnce) {
  GatedApi api(10);
  const Nightly nightly(api.base_url(), many_users());
  Process process(nightly.program({"--quiet", "--set", "fetch.timeout=45s"}));
  api.wait_until_held(8);
  process.signal(SIGTERM);
  EXPECT_TRUE(
      process.says("terminated: finishes the requests in flight, in at most 45.0 s; "
                   "a second signal ends it at once\n"));
}

// timeout(1) signals the program and its group, systemd may send SIGTERM and SIGHUP.
TEST(Interrupt, SignalsAtTheSameTimeAreOne) {
  GatedApi api(10);
  const Nightly nightly(api.base_url(), many_users());
  Process process(nightly.program());
  api.wait_until_held(8);
  for (const int signal : {SIGTERM, SIGTERM, SIGHUP}) process.signal(signal);
  ASSERT_TRUE(process.says("finishes the requests in flight"));
  api.open();
  EXPECT_EQ(process.wait().exit_code, 143);
  EXPECT_EQ(query(nightly.database(), "SELECT status, exit_code FROM runs"),
            (Rows{{"interrupted", "143"}}));
}

TEST(Interrupt, AHangupIsIgnoredWhereItWasBefore) {
  GatedApi api(10);
  const Nightly nightly(api.base_url(), many_users());
  Program program = nightly.program();
  program.arguments.insert(program.arguments.begin(),
                           {"/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh"});
  Process process(program);
  api.wait_until_held(8);
  process.signal(SIGHUP);
  api.open();
  EXPECT_EQ(process.wait().exit_code, 0);
}

TEST(Interrupt, ASecondSignalEndsTheProgramAtOnce) {
  GatedApi api(10);
  const Nightly nightly(api.base_url(), many_users());
  Process process(nightly.program());
  api.wait_until_held(8);
  deliver(process, SIGINT);
  while (!process.ends_within(50ms)) process.signal(SIGTERM);  // within a second it is the first
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

// For every end of the run, and whatever the command has started.
TEST(Interrupt, NoCommandOutlivesTheRun) {
  for (const int signal : {SIGKILL, SIGTERM}) {
    const Nightly nightly("http://127.0.0.1:9", {"octocat"});
    const auto started = nightly.folder() / "started", alive = nightly.folder() / "alive";
    ASSERT_EQ(mkfifo(started.c_str(), 0600) + mkfifo(alive.c_str(), 0600), 0);
    Process process(nightly.program(
        {"--set", "provider.tokens=['cmd:echo > started; (sleep 1000; true) > alive & wait']"}));
    EXPECT_EQ(read_file(started), "\n");
    std::ifstream held(alive);  // can be opened when the command holds it
    process.signal(signal);
    process.wait();
    EXPECT_EQ(held.get(), EOF) << "the last one that could write is gone";
  }
}

// The run that is being measured, its command, and what that has started.
TEST(Interrupt, NothingOutlivesACompareThatIsKilled) {
  const Nightly nightly("http://127.0.0.1:9", {"octocat"});
  const auto started = nightly.folder() / "started", alive = nightly.folder() / "alive";
  ASSERT_EQ(mkfifo(started.c_str(), 0600) + mkfifo(alive.c_str(), 0600), 0);
  Process process(nightly.compare(
      {"--ways", "threads", "--set",
       "provider.tokens=['cmd:echo > started; (sleep 1000; true) > alive & wait']"}));
  EXPECT_EQ(read_file(started), "\n");
  std::ifstream held(alive);
  process.signal(SIGKILL);
  process.wait();
  EXPECT_EQ(held.get(), EOF) << "the last one that could write is gone";
}

// A run that was killed, and the job with one user more.
struct ChangedJob : ::testing::Test {
  ChangedJob() {
    Process process(nightly.program());
    api.wait_until_held(8);
    process.signal(SIGKILL);
    EXPECT_EQ(process.wait().signal, SIGKILL);
    users.push_back("one-more");
    nightly.list(users);
    api.open();
  }

  GatedApi api{10};
  std::vector<std::string> users = many_users();
  Nightly nightly{api.base_url(), users};
};

constexpr const char* kEveryRun = "SELECT id, status, resumed, users_ok FROM runs ORDER BY id";

TEST_F(ChangedJob, IsGoneOnWithAndSaidToBe) {
  const Ended ended = nightly.run();
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.err, HasSubstr("the job has changed since the unfinished run"));
  EXPECT_EQ(query(nightly.database(), kEveryRun), (Rows{{"1", "complete", "1", "101"}}));
}

TEST_F(ChangedJob, IsSaidToBeAlsoWhenOneUserStandsForAnother) {
  std::vector<std::string> others = many_users();
  others.back() = "somebody-else";
  nightly.list(others);
  EXPECT_THAT(nightly.run().err, HasSubstr("the job has changed since the unfinished run"));
}

TEST_F(ChangedJob, IsSaidToBeAlsoWhenAnOptionIsNew) {
  nightly.list(many_users());
  const Ended same = nightly.run({"--set", "fetch.attempts=2"});
  EXPECT_EQ(same.exit_code, 0);
  EXPECT_THAT(same.err, HasSubstr("the job has changed since the unfinished run"));
}

TEST_F(ChangedJob, IsNothingToSayWhenTheRunIsNew) {
  const Ended ended = nightly.run({"--fresh"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.err, Not(HasSubstr("has changed")));
  EXPECT_EQ(query(nightly.database(), kEveryRun),
            (Rows{{"1", "interrupted", "0", "0"}, {"2", "complete", "0", "101"}}));
}

TEST_F(ChangedJob, IsNothingToSayWhenItIsTheOldOneAgain) {
  nightly.list(many_users());
  const Ended ended = nightly.run();
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.err, Not(HasSubstr("has changed")));
  EXPECT_EQ(query(nightly.database(), kEveryRun), (Rows{{"1", "complete", "1", "100"}}));
}

}  // namespace
}  // namespace repopipe::e2e
