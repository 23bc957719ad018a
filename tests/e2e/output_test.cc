// What a run says, and where: people read stderr, programs read stdout.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "pipeline/base/failure.h"
#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::size_t longest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

std::vector<std::string> members(const nlohmann::json& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) names.push_back(name);
  return names;
}

struct Output : ::testing::Test {
  GatedApi api{1000};
  Nightly nightly{api.base_url(), {"octocat", "torvalds"}};
};

TEST_F(Output, JsonIsAloneOnStdout) {
  const Ended ended = nightly.run({"--summary", "json", "--quiet"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.err, "");
  ASSERT_EQ(std::ranges::count(ended.out, '\n'), 1);
  const auto json = nlohmann::json::parse(ended.out);
  EXPECT_EQ(members(json), (std::vector<std::string>{
                               "bytes", "database", "error", "exit_code", "failed_users", "job",
                               "lists", "not_modified", "removed", "repos", "requests", "resumed",
                               "run_id", "shard", "stages", "status", "users", "wall_s"}));
  EXPECT_EQ(json["users"], nlohmann::json::parse(R"({"total": 2, "ok": 2, "unchanged": 0,
            "renamed": 0, "not_found": 0, "blocked": 0, "failed": 0})"));
  EXPECT_EQ(json["repos"], nlohmann::json::parse(R"({"seen": 2, "new": 2, "changed": 0,
                                                     "gone": 0})"));
  EXPECT_EQ(members(json["stages"]),
            (std::vector<std::string>{"fetch_busy_s", "fetching_s", "finishing_s", "parse_busy_s",
                                      "plan_busy_s", "processing_s", "starting_s", "store_busy_s",
                                      "waiting_s"}));
  EXPECT_EQ(json["job"], "nightly");
  EXPECT_EQ(json["run_id"], 1);
  EXPECT_EQ(json["status"], "complete");
  EXPECT_EQ(json["exit_code"], 0);
  EXPECT_EQ(json["error"], nullptr);
  EXPECT_EQ(json["resumed"], false);
  EXPECT_EQ(json["database"], nightly.database().string());
  EXPECT_EQ(json["requests"], 2);
}

TEST_F(Output, TextIsOnStderrWithin80Columns) {
  const Ended ended = nightly.run({"--set", "store.database=r.db"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, AllOf(HasSubstr("\nnightly: complete in "), HasSubstr("users  2: 2 ok"),
                               HasSubstr("repos  2 seen, 2 new, 0 changed, 0 gone")));
  EXPECT_LE(longest_line(ended.err), 80U) << ended.err;
}

TEST_F(Output, QuietSaysNothingAtSuccess) {
  const Ended ended = nightly.run({"--quiet"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.out + ended.err, "");
}

TEST_F(Output, QuietStillSaysWhatIsWrong) {
  Nightly broken("http://127.0.0.1:9", {"octocat"});
  const Ended ended = broken.run({"-q", "--set", "fetch.attempts=1"});
  EXPECT_EQ(ended.exit_code, 69);
  EXPECT_THAT(ended.err, StartsWith("nightly: failed (69): "));
}

TEST_F(Output, NoProgressAndNoColourWhereNoTerminalIs) {
  const Ended ended = nightly.run();
  EXPECT_THAT(ended.err, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\r"))));
}

TEST_F(Output, TheDisplayCanBeHadAlwaysAndIsErasedAtTheEnd) {
  api.hold();
  Process process(nightly.program({"--progress", "always"}));
  EXPECT_TRUE(process.says("of 2 users\x1b[K\n  users    "));
  api.open();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0);
  const std::size_t end = ended.err.find("nightly: complete in");
  EXPECT_THAT(ended.err.substr(0, end), ::testing::EndsWith("\x1b[K\r\x1b[J\x1b[4A")) << ended.err;
  EXPECT_THAT(ended.err.substr(end), Not(HasSubstr("\x1b")));
}

// sd-daemon(3): the journal reads the priority of a line from its beginning.
TEST_F(Output, LinesForTheJournalBeginWithTheirPriority) {
  const auto journal = nightly.folder().write("journal", "");
  struct stat file {};
  ASSERT_EQ(stat(journal.c_str(), &file), 0);
  Program program = nightly.program({"--set", "store.database=missing/repos.db"});
  program.error_path = ToPath{journal};
  program.environment["JOURNAL_STREAM"] =
      std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino);
  EXPECT_EQ(run(program).exit_code, 73);
  EXPECT_THAT(read_file(journal), StartsWith("<3>nightly: not started (73): "));
  EXPECT_THAT(read_file(journal), HasSubstr("\n<3>  do     "));
  program.environment["JOURNAL_STREAM"] = "1:1";
  nightly.folder().write("journal", "");
  EXPECT_EQ(run(program).exit_code, 73);
  EXPECT_THAT(read_file(journal), StartsWith("nightly: not started (73): "));
}

TEST_F(Output, ASignalAsksHowFarTheRunIs) {
  api.hold();
  Process process(nightly.program({"--quiet"}));
  api.wait_until_held(2);
  process.signal(SIGUSR1);
  EXPECT_TRUE(process.says("repopipe: 0 of 2 users, 0 failed"));
  api.open();
  EXPECT_EQ(process.wait().exit_code, 0);
}

TEST_F(Output, WithoutATerminalOneLineSaysWhatBegins) {
  const Ended ended = nightly.run();
  EXPECT_THAT(ended.err,
              StartsWith("nightly: run 1 begins: 2 users, no token, 8 requests at a time\n"
                         "nightly: complete in "));
}

// Output that cannot be written is a failure; stored data stays.
TEST_F(Output, AClosedPipeIsToldByTheExitCode) {
  Process process(nightly.program({"--summary", "json"}));
  process.hang_up();
  EXPECT_EQ(process.wait().exit_code, 74);
  EXPECT_EQ(value(nightly.database(), "SELECT status FROM runs"), "complete");
}

TEST_F(Output, AClosedStdoutNeverBecomesTheDatabase) {
  Program program = nightly.program({"--summary", "json"});
  program.output = Stream::closed;
  program.input = std::nullopt;
  EXPECT_EQ(run(program).exit_code, 74);
  EXPECT_EQ(query(nightly.database(), "PRAGMA integrity_check"), (Rows{{"ok"}}));
}

// Whatever the program opens must not take the place of a stream that it was not given.
TEST_F(Output, NoStreamAtAllIsNoReasonToFail) {
  Program program{.arguments = {"/bin/sh", "-c", "exec \"$0\" \"$@\" <&- >&- 2>&-"}};
  const Program inner = nightly.program({"--progress", "always"});
  program.arguments.insert(program.arguments.end(), inner.arguments.begin(), inner.arguments.end());
  EXPECT_EQ(run(program).exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "SELECT status FROM runs"), (Rows{{"complete"}}));
  EXPECT_EQ(query(nightly.database(), "PRAGMA integrity_check"), (Rows{{"ok"}}));
}

TEST_F(Output, UsersFromAClosedStandardInputAreAMistake) {
  Program program = nightly.program({"--set", "source.usernames_file=-"});
  program.input = std::nullopt;
  EXPECT_EQ(run(program).exit_code, 78);
}

TEST_F(Output, AFullStdoutIsSaidAndAFullStderrIsBorne) {
  Program program = nightly.program({"--summary", "json", "--quiet"});
  program.output_path = ToPath{"/dev/full"};
  const Ended ended = run(program);
  EXPECT_EQ(ended.exit_code, 74);
  EXPECT_EQ(ended.err, "repopipe: standard output cannot be written: No space left on device\n");
  Program silent = nightly.program({"--progress", "always"});
  silent.error_path = ToPath{"/dev/full"};
  EXPECT_EQ(run(silent).exit_code, 0);
}

TEST_F(Output, HelpAndVersionThatCannotBeWrittenAreNoSuccess) {
  for (const std::vector<std::string>& asked :
       {std::vector<std::string>{"--help"}, {"--version"}, {"compare", "--help"}}) {
    Program program{.arguments = {repopipe_binary()}, .output_path = ToPath{"/dev/full"}};
    program.arguments.insert(program.arguments.end(), asked.begin(), asked.end());
    const Ended full = run(program);
    EXPECT_EQ(full.exit_code, 74) << asked.front();
    EXPECT_THAT(full.err, HasSubstr("standard output cannot be written"));
    program.output_path.reset();
    program.output = Stream::closed;
    EXPECT_EQ(run(program).exit_code, 74) << asked.front();
  }
}

// The shell's working directory is the old folder, which was deleted and created again.
TEST_F(Output, WithoutAWorkingDirectoryAbsolutePathsWorkAndRelativeOnesAreNamed) {
  const auto from_nowhere = [&](std::vector<std::string> words) {
    const TempFolder gone;
    Program program{
        .arguments = {"/bin/sh", "-c", "rmdir \"$PWD\" && exec \"$0\" \"$@\"", repopipe_binary()}};
    program.arguments.insert(program.arguments.end(), words.begin(), words.end());
    program.folder = gone.path();
    return run(program);
  };
  EXPECT_EQ(from_nowhere({"run", nightly.job()}).exit_code, 0);
  EXPECT_EQ(from_nowhere({"check", nightly.job()}).exit_code, 0);
  EXPECT_EQ(from_nowhere({"merge", nightly.folder() / "all.db", nightly.database()}).exit_code, 0);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"run", "nightly.yaml"},
        {"check", "./nightly.yaml"},
        {"compare", "nightly.yaml"},
        {"merge", "all.db", nightly.database()},
        {"merge", nightly.folder() / "all.db", "repos.db"}}) {
    const Ended ended = from_nowhere(words);
    EXPECT_EQ(ended.exit_code, 64) << words[0];
    EXPECT_THAT(ended.err, AllOf(HasSubstr(" is relative, and the working directory no longer"),
                                 HasSubstr("write the absolute path")));
  }
}

TEST_F(Output, ADryRunTouchesNothing) {
  const Ended ended = nightly.run({"--dry-run"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, AllOf(HasSubstr("2 users"), HasSubstr(api.base_url()),
                               HasSubstr(nightly.database().string())));
  EXPECT_FALSE(std::filesystem::exists(nightly.database()));
  EXPECT_TRUE(api.asked().empty());
}

TEST_F(Output, HelpAndVersionAreOnStdout) {
  for (const std::vector<std::string>& asked : {std::vector<std::string>{"--help"},
                                                {"run", "--help"},
                                                {"check", "--help"},
                                                {"compare", "--help"}}) {
    Program program{.arguments = {repopipe_binary()}};
    program.arguments.insert(program.arguments.end(), asked.begin(), asked.end());
    const Ended ended = run(program);
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_EQ(ended.err, "");
    EXPECT_THAT(ended.out, HasSubstr("Usage: repopipe"));
    EXPECT_LE(longest_line(ended.out), 80U) << ended.out;
  }
  const Ended help = run({.arguments = {repopipe_binary(), "--help"}});
  for (const ExitCodeMeaning& row : exit_codes()) {
    EXPECT_THAT(help.out, HasSubstr(std::to_string(static_cast<int>(row.code)) + "  "));
  }
  const Ended version = run({.arguments = {repopipe_binary(), "--version"}});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, StartsWith("repopipe 0."));
}

}  // namespace
}  // namespace repopipe::e2e
