// The display of a run as a user sees it, in a terminal of tmux.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"
#include "tests/testing/eventually.h"

namespace repopipe::e2e {
namespace {

using repopipe::testing::eventually;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kRows = 20;

// A tmux server with one window, in which a program runs below some older lines.
class Terminal {
 public:
  Terminal(const Program& program, int columns) {
    std::string command = "seq 12; ";
    for (const std::string& word : program.arguments) command += "'" + word + "' ";
    tmux({"-f", "/dev/null", "new-session", "-d", "-x", std::to_string(columns), "-y",
          std::to_string(kRows), command + "; echo ended with $?; exec cat"});
  }
  ~Terminal() { tmux({"kill-server"}); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void resize(int columns) const {
    tmux({"resize-window", "-x", std::to_string(columns), "-y", std::to_string(kRows)});
  }
  // With the lines that left it at the top.
  std::string text() const { return tmux({"capture-pane", "-p", "-S", "-"}); }
  bool shows(const std::string& words) const {
    return eventually([&] { return text().find(words) != std::string::npos; });
  }

 private:
  std::string tmux(const std::vector<std::string>& words) const {
    Program program{.arguments = {"/usr/bin/env", "tmux", "-u", "-S", folder_ / "tmux"}};
    program.arguments.insert(program.arguments.end(), words.begin(), words.end());
    program.environment = {{"LC_ALL", "C.UTF-8"}, {"SHELL", "/bin/sh"}};
    const Ended ended = run(program);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return ended.out;
  }

  TempFolder folder_;
};

std::size_t columns_of(const std::string& line) {
  return static_cast<std::size_t>(
      std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::size_t longest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, columns_of(line));
  return longest;
}

// What only the display prints.
const auto kNothingOfTheDisplay =
    AllOf(Not(HasSubstr("░")), Not(HasSubstr("in flight")), Not(HasSubstr("waiting  ")));

class Display : public ::testing::TestWithParam<int> {};

TEST_P(Display, FitsTheTerminalAndLeavesNothing) {
  GatedApi api(0);
  const Nightly nightly(api.base_url(), {"octocat", "torvalds"});
  const Terminal terminal(nightly.program(), GetParam());
  ASSERT_TRUE(terminal.shows("  0 %  ")) << terminal.text();
  EXPECT_LT(longest_line(terminal.text()), static_cast<std::size_t>(GetParam()));
  api.open();
  ASSERT_TRUE(terminal.shows("ended with 0")) << terminal.text();
  EXPECT_THAT(terminal.text(), AllOf(HasSubstr("\n12\nnightly"), kNothingOfTheDisplay));
}

TEST_P(Display, FitsATerminalThatChangesItsSize) {
  GatedApi api(0);
  const Nightly nightly(api.base_url(), {"octocat", "torvalds"});
  const Terminal terminal(nightly.program(), 90);
  ASSERT_TRUE(terminal.shows("  0 %  ")) << terminal.text();
  terminal.resize(GetParam());
  const auto columns = static_cast<std::size_t>(GetParam());
  EXPECT_TRUE(eventually([&] { return longest_line(terminal.text()) < columns; }));
  api.open();
  ASSERT_TRUE(terminal.shows("ended with 0")) << terminal.text();
  EXPECT_THAT(terminal.text(), kNothingOfTheDisplay);
}

INSTANTIATE_TEST_SUITE_P(Columns, Display, ::testing::Values(40, 60, 80, 120));

TEST(DisplayOfAWait, SaysForWhat) {
  Simulator github(small_world() + std::vector<std::string>{"--quota", "80"});
  const Nightly nightly(github.base_url(), simulated_logins(small_world()));
  const Terminal terminal(nightly.program({"--set", "run.max_wait=2h"}), 80);
  ASSERT_TRUE(terminal.shows("  waiting  the quota of ")) << terminal.text();
  EXPECT_LT(longest_line(terminal.text()), 80U);
  EXPECT_THAT(terminal.text(), HasSubstr("80 of 120 users"));
}

TEST(DisplayOfAFailure, IsErasedBeforeTheSummary) {
  const Nightly nightly("https://no-such-host.invalid", {"octocat"});
  const Terminal terminal(nightly.program({"--set", "run.connect_wait=2s"}), 80);
  ASSERT_TRUE(terminal.shows("ended with 69")) << terminal.text();
  EXPECT_THAT(terminal.text(), AllOf(HasSubstr("\nnightly: failed (69): "), kNothingOfTheDisplay));
}

}  // namespace
}  // namespace repopipe::e2e
