// Signals to a run with worker processes: to itself, or to all of them, as a terminal sends them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <tuple>

#include "tests/e2e/deliver.h"
#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/workers.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

enum class To { run, group };

const std::vector<std::string> kTwo{"--set", "execution.processes=2", "--set",
                                    "fetch.concurrency=4"};

std::vector<std::string> many_users() {
  std::vector<std::string> users;
  for (int i = 0; i < 100; ++i) users.push_back("user-" + std::to_string(i));
  return users;
}

void send(Process& process, int signal, To whom) {
  if (whom == To::group) {
    for (const pid_t worker : workers_of(process.pid())) kill(worker, signal);
  }
  deliver(process, signal);
}

class SignalsTo : public ::testing::TestWithParam<std::tuple<int, To>> {};

TEST_P(SignalsTo, ARunWithWorkersStopItOrderly) {
  const auto& [signal, whom] = GetParam();
  GatedApi api(10);
  const Nightly nightly(api.base_url(), many_users());
  Process process(nightly.program(kTwo));
  api.wait_until_held(4);
  const Watched workers(workers_of(process.pid()));
  ASSERT_EQ(workers.count(), 2U);
  send(process, signal, whom);
  while (!process.ends_within(20ms)) api.release();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 128 + signal);
  EXPECT_THAT(replacements(ended.err), IsEmpty());
  EXPECT_TRUE(workers.all_end_within(30s));
  const int kept = std::stoi(value(nightly.database(), "SELECT count(*) FROM run_users"));
  EXPECT_GE(kept, 14) << "ten were finished, and four were under way";
  EXPECT_LT(kept, 100);

  api.open();
  EXPECT_EQ(nightly.run(kTwo).exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "SELECT id, status, exit_code, resumed, users_ok FROM runs"),
            (Rows{{"1", "complete", "0", "1", "100"}}));
  for (const auto& [login, times] : api.asked()) EXPECT_EQ(times, 1) << login;
}

INSTANTIATE_TEST_SUITE_P(All, SignalsTo,
                         ::testing::Combine(::testing::Values(SIGINT, SIGTERM),
                                            ::testing::Values(To::run, To::group)));

class TwoSignalsTo : public ::testing::TestWithParam<To> {};

TEST_P(TwoSignalsTo, ARunWithWorkersEndAllAtOnce) {
  GatedApi api(10);
  const Nightly nightly(api.base_url(), many_users());
  Process process(nightly.program(kTwo + std::vector<std::string>{"--set", "fetch.timeout=10m"}));
  api.wait_until_held(4);
  const Watched workers(workers_of(process.pid()));
  ASSERT_EQ(workers.count(), 2U);
  send(process, SIGINT, GetParam());
  while (!process.ends_within(50ms)) {  // while the API holds every answer back
    process.signal(SIGINT);             // within a second it is the first
  }
  EXPECT_EQ(process.wait().exit_code, 130);
  EXPECT_TRUE(workers.all_end_within(30s));
  api.open();
  EXPECT_EQ(nightly.run(kTwo).exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "SELECT id, status, resumed, users_ok FROM runs"),
            (Rows{{"1", "complete", "1", "100"}}));
}

INSTANTIATE_TEST_SUITE_P(All, TwoSignalsTo, ::testing::Values(To::run, To::group));

// A SIGTERM to one worker does not stop the run; only a signal to the run does.
TEST(Signals, ToAWorkerAloneDoNotDisturbTheRun) {
  GatedApi api(10);
  const Nightly nightly(api.base_url(), many_users());
  Process process(nightly.program(kTwo));
  api.wait_until_held(4);
  for (const pid_t worker : workers_of(process.pid())) kill(worker, SIGTERM);
  api.open();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(replacements(ended.err), IsEmpty());
}

}  // namespace
}  // namespace repopipe::e2e
