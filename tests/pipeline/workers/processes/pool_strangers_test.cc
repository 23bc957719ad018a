// Programs that are not workers: every task is completed, and restarts end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>
#include <memory>

#include "stages/providers/github/github.h"
#include "tests/e2e/temp_folder.h"
#include "tests/pipeline/workers/processes/pool_world.h"

namespace repopipe {
namespace {

using namespace testing;
using ::testing::HasSubstr;

class PoolStrangers : public ::testing::Test {
 protected:
  // A shell script as a worker.
  std::string script(const std::string& text) const {
    const auto path = folder_ / "worker";
    std::ofstream(path) << "#!/bin/sh\n" << text << '\n';
    chmod(path.c_str(), 0755);
    return path.string();
  }

  // All tasks fail as `kind` for this reason, later ones too.
  static void expect_refused(PoolOptions options, const std::string& why, const Clock& clock,
                             FailureKind kind = FailureKind::internal) {
    Home home;
    ProcessPool pool(std::move(options), kGithub.resources, clock);
    std::uint64_t sent = 0;
    std::vector<TaskResult> settled;
    // Tasks that a worker had when it was ended fail before the others.
    do {
      submit_many(pool, home, 10, sent + 1);
      sent += 10;
      settled = home.wait_for(sent);
    } while (ids_of(settled, kind).empty() && sent < 1000);
    EXPECT_TRUE(ids_of(settled).empty());
    const auto last = std::ranges::find_if(
        settled, [kind](const TaskResult& each) { return each.result.error().kind == kind; });
    ASSERT_NE(last, settled.end());
    EXPECT_THAT(last->result.error().message, HasSubstr(why));
    EXPECT_EQ(last->task.crashes, 0);
    submit_many(pool, home, 10, sent + 1);
    EXPECT_GE(ids_of(home.wait_for(sent + 10), kind).size(), 10U);
    EXPECT_TRUE(children().empty());
  }
  void expect_refused(const std::string& program, const std::string& why) {
    PoolOptions options = pool_options("http://127.0.0.1:1", 2, 4);
    options.program = program;
    expect_refused(std::move(options), why, clock_);
  }

  SystemClock clock_;

 private:
  e2e::TempFolder folder_;
};

TEST_F(PoolStrangers, ThatDoNotExist) {
  expect_refused("/no/such/program", "cannot start /no/such/program: No such file or directory");
}

// Nothing else happens that could wake the pool.
TEST_F(PoolStrangers, ThatDoNotExistAreNotWaitedFor) {
  PoolOptions options = pool_options("http://127.0.0.1:1", 1, 1);
  options.program = "/no/such/program";
  Home home;
  ProcessPool pool(std::move(options), kGithub.resources, clock_);
  submit_many(pool, home, 1);
  EXPECT_EQ(ids_of(home.wait_for(1), FailureKind::internal), ids(1, 1));
}

TEST_F(PoolStrangers, ThatEndAtOnce) {
  expect_refused("/bin/true", "worker processes cannot be used: worker ");
}

TEST_F(PoolStrangers, ThatFail) {
  expect_refused("/bin/false", "exited with code 1");
}

// So the program itself ends where it cannot have memory or a thread.
TEST_F(PoolStrangers, ThatMeetALimitOfTheMachine) {
  PoolOptions options = pool_options("http://127.0.0.1:1", 2, 4);
  options.program = script("exit 71");
  expect_refused(std::move(options), "exited with code 71", clock_, FailureKind::machine_limit);
}

TEST_F(PoolStrangers, ThatReadTheirInput) {
  expect_refused("/bin/cat", "exited with code");
}

TEST_F(PoolStrangers, ThatCrash) {
  expect_refused(script("kill -SEGV $$"), "crashed (Segmentation fault)");
}

TEST_F(PoolStrangers, ThatSayNothing) {
  PoolOptions options = pool_options("http://127.0.0.1:1", 2, 4);
  options.program = script("exec sleep 1000");
  options.response_timeout = std::chrono::minutes(2);
  expect_refused(std::move(options), "no response for 2 min", LeapingClock());
}

TEST_F(PoolStrangers, ThatHangUpAndStay) {
  expect_refused(script("exec 3>&-; exec sleep 1000"), "hung up");
}

TEST_F(PoolStrangers, ThatLeaveTheirSocketToOthers) {
  expect_refused(script("cat <&3 >/dev/null & exit 7"), "exited with code 7");
}

TEST_F(PoolStrangers, ThatTalkNonsense) {
  expect_refused(script("cat /dev/zero >&3"), "sent an invalid message");
  expect_refused(script("printf '\\377\\377\\377\\377' >&3; exec sleep 1000"),
                 "sent an invalid message: a message of 4294967295 bytes");
  expect_refused(script("printf '\\0\\0\\0\\1\\301' >&3; exec sleep 1000"),
                 "sent an invalid message: an invalid message");
}

TEST_F(PoolStrangers, ThatAreOfAnotherVersion) {
  PoolOptions options = pool_options("http://127.0.0.1:1", 2, 4);
  options.version = "0.0.9";
  expect_refused(std::move(options), "sent an invalid message: it is of version " REPOPIPE_VERSION,
                 clock_);
}

TEST_F(PoolStrangers, ThatGrowTooLarge) {
  PoolOptions options = pool_options("http://127.0.0.1:1", 2, 4);
  options.memory = Bytes{1000};
  expect_refused(std::move(options), "more than the 1.0 KB of execution.worker_memory",
                 LeapingClock());
}

TEST_F(PoolStrangers, ThatCannotDoWhatIsAskedOfThem) {
  PoolOptions options = pool_options("http://127.0.0.1:1", 2, 4);
  options.settings.provider = "no such provider";
  expect_refused(std::move(options), "exited with code 70", clock_);
}

}  // namespace
}  // namespace repopipe
