// A machine that allows few open files: less at a time, or an end that names the limit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/nightly.h"
#include "tests/e2e/simulator.h"
#include "tests/testing/sanitized.h"

namespace repopipe::e2e {
namespace {

using ::testing::HasSubstr;

// `how`: -n sets both limits, -Sn the soft one.
Ended with_limit(const std::string& how, int files, std::vector<std::string> words) {
  std::vector<std::string> all{"/bin/sh", "-c",
                               "ulimit " + how + " " + std::to_string(files) + "; exec \"$@\"",
                               "sh", repopipe_binary()};
  all.insert(all.end(), words.begin(), words.end());
  return run({.arguments = all});
}

class HardlyAnyFiles : public ::testing::TestWithParam<int> {};

TEST_P(HardlyAnyFiles, AnswersOrEndsWithTheLimitNamed) {
  if (is_sanitized()) GTEST_SKIP() << "a sanitizer opens files of its own";
  for (const char* word : {"--version", "--help"}) {
    EXPECT_EQ(with_limit("-n", GetParam(), {word}).exit_code, 0) << word;
  }
  for (const std::string command : {"check", "run"}) {
    const Ended ended = with_limit("-n", GetParam(), {command, "job.yaml"});
    EXPECT_EQ(ended.exit_code, 71) << command;
    EXPECT_THAT(ended.err, HasSubstr("ulimit -n"));
  }
}

// Below, the dynamic loader does not find its libraries.
INSTANTIATE_TEST_SUITE_P(Files, HardlyAnyFiles, ::testing::Values(4, 5, 6, 8, 16, 31));

// Both limits: the soft one alone is raised.
class FewFiles : public ::testing::TestWithParam<std::string> {};

TEST_P(FewFiles, ReduceTheConnectionsAndSaySo) {
  if (is_sanitized()) GTEST_SKIP() << "a sanitizer opens files of its own";
  const std::vector<std::string> world{"--accounts", "60", "--small"};
  Simulator github(world);
  const Nightly nightly(github.base_url(), simulated_logins(world));
  Program program = nightly.program({"--set", "fetch.concurrency=100", "--set",
                                     "limits.concurrent=0", "--set", "fetch.engine=" + GetParam()});
  for (const bool is_hard : {true, false}) {
    Program few = program;
    const std::string how = is_hard ? "-n" : "-Sn";
    few.arguments = {"/bin/sh", "-c", "ulimit " + how + " 64; exec \"$@\"", "sh"};
    few.arguments.insert(few.arguments.end(), program.arguments.begin(), program.arguments.end());
    const Ended ended = run(few);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    const auto line = HasSubstr("fetch.concurrency is reduced to " +
                                std::string(GetParam() == "threads" ? "8" : "24") +
                                ": only 64 files may be open, see ulimit -n\n");
    EXPECT_EQ(::testing::Matches(line)(ended.err), is_hard) << ended.err;
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, FewFiles, ::testing::Values("event_loop", "threads"));

}  // namespace
}  // namespace repopipe::e2e
