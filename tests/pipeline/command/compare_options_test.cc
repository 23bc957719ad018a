#include <gtest/gtest.h>

#include "pipeline/command/command_line.h"

namespace repopipe {
namespace {

using Words = std::vector<std::string>;

Command parsed(std::vector<const char*> words) {
  words.insert(words.begin(), {"repopipe", "compare"});
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

// The error on stderr.
std::string mistake(std::vector<const char*> words) {
  ::testing::internal::CaptureStderr();
  const Command command = parsed(std::move(words));
  const std::string said = ::testing::internal::GetCapturedStderr();
  const auto* answered = std::get_if<Answered>(&command);
  return answered != nullptr && answered->exit_code == ExitCode::usage ? said : "none";
}

TEST(CompareOptions, AreRead) {
  const auto compare = std::get<CompareOptions>(
      parsed({"job.yaml", "--concurrency",   "1,8,100", "--ways",  "threads,queue", "--repeat",
              "3",        "--processes",     "4",       "--queue", "redis://h",     "--workers",
              "0",        "--html",          "a.html",  "--json",  "--set",         "name=x",
              "--set",    "fetch.attempts=2"}));
  EXPECT_EQ(compare.job, "job.yaml");
  EXPECT_EQ(compare.overrides, (Words{"name=x", "fetch.attempts=2"}));
  EXPECT_EQ(compare.concurrencies, (std::vector<int>{1, 8, 100}));
  EXPECT_EQ(compare.ways, (Words{"threads", "queue"}));
  EXPECT_EQ(compare.repeats, 3);
  EXPECT_EQ(compare.processes, 4);
  EXPECT_EQ(compare.queue, "redis://h");
  EXPECT_EQ(compare.workers, 0);
  EXPECT_EQ(compare.html, "a.html");
  EXPECT_TRUE(compare.json);
}

TEST(CompareOptions, HaveDefaults) {
  const auto compare = std::get<CompareOptions>(parsed({"job.yaml"}));
  EXPECT_TRUE(compare.overrides.empty() && compare.concurrencies.empty() && compare.ways.empty());
  EXPECT_EQ(compare.repeats, 1);
  EXPECT_EQ(compare.processes, 0);
  EXPECT_EQ(compare.workers, 2);
  EXPECT_EQ(compare.queue, "");
  EXPECT_TRUE(compare.html.empty());
  EXPECT_FALSE(compare.json);
}

TEST(CompareOptions, AMistakeIsNamedWithWhatWouldBeRight) {
  EXPECT_EQ(mistake({"j", "--concurrency", "1,x"}),
            "repopipe: --concurrency: x is not a whole number from 1 to 1000; see repopipe "
            "--help\n");
  EXPECT_EQ(mistake({"j", "--concurrency", "1001"}),
            "repopipe: --concurrency: 1001 is not a whole number from 1 to 1000; see repopipe "
            "--help\n");
  EXPECT_EQ(mistake({"j", "--ways", "threds"}),
            "repopipe: --ways: there is no way threds; there are sequential, event_loop, threads, "
            "processes, queue; see repopipe --help\n");
  EXPECT_EQ(mistake({"j", "--repeat", "0"}),
            "repopipe: --repeat: 0 is not a whole number from 1 to 100; see repopipe --help\n");
  EXPECT_EQ(mistake({"j", "--processes", "1"}),
            "repopipe: --processes: 1 is not a whole number from 2 to 64; see repopipe --help\n");
  EXPECT_NE(mistake({}), "none");
  EXPECT_NE(mistake({"a", "b"}), "none");
}

}  // namespace
}  // namespace repopipe
