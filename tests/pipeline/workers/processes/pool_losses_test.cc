// Workers that crash and hang: their tasks fail, and the workers are replaced.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <memory>

#include "stages/providers/github/github.h"
#include "tests/e2e/gated_api.h"
#include "tests/pipeline/workers/processes/pool_world.h"

namespace repopipe {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using e2e::GatedApi;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class PoolLosses : public ::testing::Test {
 protected:
  ~PoolLosses() override {
    pool.reset();
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);  // no zombie
  }

  PoolOptions options(int processes, int concurrency) {
    PoolOptions options = pool_options(api.base_url(), processes, concurrency);
    options.warn = lines.writer();
    return options;
  }
  void open(PoolOptions options) {
    pool = std::make_unique<ProcessPool>(std::move(options), kGithub.resources, clock);
  }
  // Two workers with two exchanges each, all of which wait for the API.
  void open_and_wait(PoolOptions options) {
    open(std::move(options));
    submit_many(*pool, home, 4);
    api.wait_until_held(4);
  }
  // Of the tasks of a lost worker; the others succeed.
  std::vector<TaskResult> expect_half_lost(FailureKind kind) {
    home.wait_for(2);
    api.open();
    const auto settled = home.wait_for(4);
    EXPECT_EQ(ids_of(settled).size(), 2U);
    EXPECT_EQ(ids_of(settled, kind).size(), 2U);
    return settled;
  }
  // The pool works, with a new worker, after so many tasks of which the lost one had two.
  void expect_replaced(pid_t lost, std::size_t before = 4) {
    submit_many(*pool, home, 20, 100);
    EXPECT_EQ(ids_of(home.wait_for(before + 20)).size(), before + 20 - 2);
    EXPECT_EQ(children().size(), 2U);
    EXPECT_THAT(children(), Not(::testing::Contains(lost)));
  }

  HandClock clock;
  Home home;
  Lines lines;
  GatedApi api{0};
  std::unique_ptr<ProcessPool> pool;
};

TEST_F(PoolLosses, OfAWorkerThatIsKilledCostTasksThatAreNotToBlame) {
  open_and_wait(options(2, 4));
  const pid_t lost = children().at(0);
  kill(lost, SIGKILL);
  for (const TaskResult& each : expect_half_lost(FailureKind::worker_lost)) {
    EXPECT_EQ(each.task.losses, each.result ? 0 : 1);
    EXPECT_EQ(each.task.crashes, 0);
    if (each.result) continue;
    EXPECT_EQ(each.result.error().message,
              each.task.login + " page 1: its worker was killed from outside (SIGKILL)");
    EXPECT_EQ(each.log.outcome, "worker_lost");
    EXPECT_EQ(each.log.error, "its worker was killed from outside (SIGKILL)");
  }
  expect_replaced(lost);
  EXPECT_THAT(
      lines.all(),
      ElementsAre(AllOf(StartsWith("worker "), HasSubstr("(process " + std::to_string(lost) + ")"),
                        EndsWith(" was killed from outside (SIGKILL); restarted"))));
}

TEST_F(PoolLosses, OfAWorkerThatCrashesCountAgainstItsTasks) {
  open_and_wait(options(2, 4));
  const pid_t lost = children().at(0);
  kill(lost, SIGSEGV);
  for (const TaskResult& each : expect_half_lost(FailureKind::worker_crashed)) {
    EXPECT_EQ(each.task.crashes, each.result ? 0 : 1);
    EXPECT_EQ(each.task.losses, 0);
  }
  expect_replaced(lost);
  EXPECT_EQ(lines.all().size(), 1U);
}

TEST_F(PoolLosses, OfAWorkerThatHangsAreSeenAfterAWhile) {
  PoolOptions impatient = options(2, 4);
  impatient.response_timeout = 10s;
  open_and_wait(std::move(impatient));
  const pid_t lost = children().at(0);
  kill(lost, SIGSTOP);
  siginfo_t stopped{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(lost), &stopped, WSTOPPED | WNOWAIT), 0);
  api.open();
  home.wait_for(2);
  for (std::uint64_t next = 5; next < 8; ++next) {  // the other one is heard of
    EXPECT_THAT(lines.all(), IsEmpty()) << "not yet";
    clock.advance(4s);
    submit(*pool, task_of(next), home.door());
    home.wait_for(next - 2);
  }
  const auto settled = home.wait_for(7);
  EXPECT_EQ(ids_of(settled).size(), 5U);
  EXPECT_EQ(ids_of(settled, FailureKind::worker_crashed).size(), 2U);
  expect_replaced(lost, 7);
  EXPECT_THAT(lines.all(), ElementsAre(HasSubstr("no response for 10 s")));
}

// With Ctrl-Z, say, for an hour; the loss of the one shows that the other has been looked at.
TEST_F(PoolLosses, AreNotTheFaultOfWorkersWhenTheRunWasStopped) {
  open_and_wait(options(2, 4));
  const pid_t lost = children().at(0);
  clock.advance(1h);
  kill(lost, SIGKILL);
  expect_half_lost(FailureKind::worker_lost);
  EXPECT_THAT(lines.all(), ElementsAre(HasSubstr("was killed from outside (SIGKILL)")));
}

TEST_F(PoolLosses, LeaveNothingUndoneWhenAllAreKilledAgainAndAgain) {
  open(options(3, 6));
  std::uint64_t next = 0;
  for (int round = 0; round < 5; ++round) {
    submit_many(*pool, home, 6, next + 1);
    next += 6;
    api.wait_until_held(static_cast<int>(next));  // those of lost workers are still held there
    for (const pid_t worker : children()) kill(worker, SIGKILL);
    EXPECT_EQ(ids_of(home.wait_for(next), FailureKind::worker_lost), ids(1, next));
  }
  api.open();
  submit_many(*pool, home, 30, next + 1);
  EXPECT_EQ(ids_of(home.wait_for(next + 30)), ids(next + 1, next + 30));
}

// A third crash must be caused by the task itself.
TEST_F(PoolLosses, OfATaskWithTwoCrashesAffectNoOtherTask) {
  open(options(2, 4));
  Task suspect = task_of(1, "suspect");
  suspect.crashes = 2;
  submit(*pool, suspect, home.door());
  api.wait_until_held(1);
  submit_many(*pool, home, 30, 2);
  api.wait_until_held(3);  // the other worker's two
  for (const pid_t worker : children()) kill(worker, SIGSEGV);
  home.wait_for(5);
  api.open();
  std::vector<std::uint64_t> hit;
  for (const TaskResult& each : home.wait_for(31)) {
    if (each.result) continue;
    hit.push_back(each.task.id);
    EXPECT_EQ(each.task.crashes, each.task.id == 1 ? 3 : 1);
  }
  EXPECT_THAT(hit, ::testing::Contains(1U));
  EXPECT_EQ(hit.size(), 5U);  // and what the other worker had
}

// However many tasks follow, one worker is kept free for it.
TEST_F(PoolLosses, DoNotMakeATaskWaitForever) {
  api.open();
  open(options(2, 4));
  constexpr std::uint64_t kMost = 20'000;
  std::atomic<std::uint64_t> next{100};
  std::atomic<bool> is_over{false};
  std::function<void(TaskResult)> again = [&](const TaskResult&) {
    if (!is_over && next < kMost) submit(*pool, task_of(next++), again);
  };
  for (int i = 0; i < 40; ++i) submit(*pool, task_of(next++), again);
  Task suspect = task_of(1, "suspect");
  suspect.crashes = 2;
  submit(*pool, suspect, home.door());
  home.wait_for(1);
  is_over = true;
  EXPECT_LT(next, kMost);
  pool.reset();
}

}  // namespace
}  // namespace repopipe
