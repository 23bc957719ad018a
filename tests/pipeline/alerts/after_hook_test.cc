#include "pipeline/alerts/after_hook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "pipeline/base/secrets.h"
#include "tests/testing/eventually.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class AfterHook : public ::testing::Test {
 protected:
  AfterHook() {
    std::string name = (std::filesystem::temp_directory_path() / "hook-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~AfterHook() override { std::filesystem::remove_all(folder_); }

  Status run(const std::string& command, std::chrono::milliseconds timeout = 1h) {
    return run_hook({.command = command,
                     .timeout = timeout,
                     .grace = 50ms,
                     .folder = folder_,
                     .hidden = {"HOOK_HIDDEN"}},
                    {{"REPOPIPE_JOB", "a job; exit 9"}}, std::string(300'000, 'x') + "end");
  }
  std::string text_of(const std::string& name) const {
    std::ifstream file(folder_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::filesystem::path folder_;
};

TEST_F(AfterHook, GetsVariablesAndTheSummary) {
  ASSERT_TRUE(run("printf %s \"$REPOPIPE_JOB\" > job; tail -c 3 > tail"));
  EXPECT_EQ(text_of("job"), "a job; exit 9");
  EXPECT_EQ(text_of("tail"), "end");
}

TEST_F(AfterHook, DoesNotReadItsInput) {
  EXPECT_TRUE(run("exit 0"));
}

TEST_F(AfterHook, SeesNoSecret) {
  setenv("HOOK_HIDDEN", "short", 1);
  setenv("HOOK_TOKEN", "a-long-and-secret-token", 1);
  add_secret("a-long-and-secret-token");
  ASSERT_TRUE(run("env > env"));
  unsetenv("HOOK_HIDDEN");
  unsetenv("HOOK_TOKEN");
  EXPECT_THAT(text_of("env"), ::testing::Not(HasSubstr("HOOK_")));
  EXPECT_THAT(text_of("env"), HasSubstr("PATH="));
}

TEST_F(AfterHook, ThatFailsIsToldApart) {
  EXPECT_EQ(run("exit 3").error().message, "hooks.after ended with status 3");
  EXPECT_EQ(run("kill -9 $$").error().message, "hooks.after was ended by signal 9");
}

TEST_F(AfterHook, IsEndedWithWhatItStartedAfterItsTime) {
  Status done;
  for (auto time = 100ms; text_of("pid").empty(); time *= 2) {  // a slow machine needs longer
    done = run("sleep 1000 & echo $! > pid; wait", time);
  }
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("took longer than hooks.timeout ("));
  const pid_t child = std::stoi(text_of("pid"));
  EXPECT_TRUE(repopipe::testing::eventually([&] { return kill(child, 0) != 0; }));
}

TEST_F(AfterHook, ThatIgnoresTheFirstSignalIsKilled) {
  const Status done = run("trap '' TERM; while true; do sleep 0.05; done", 50ms);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("was ended"));
}

}  // namespace
}  // namespace repopipe
