// The program as a user starts it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/simulator/http_client.h"

namespace repopipe::simulator {
namespace {

namespace fs = std::filesystem;

// repopipe-simulator in a process of its own, its stdout in a pipe and its stderr in a file.
class Program {
 public:
  explicit Program(std::vector<std::string> words, const fs::path& errors = "/dev/null") {
    words.insert(words.begin(), REPOPIPE_BINARY_DIR "/repopipe-simulator");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addopen(&actions, 2, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
    EXPECT_EQ(posix_spawn(&process_, argv[0], &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
  }
  ~Program() {
    if (process_ > 0) kill(process_, SIGKILL), wait();
    std::fclose(output_);
  }

  std::string line() {
    std::string text;
    for (int c = std::fgetc(output_); c != EOF && c != '\n'; c = std::fgetc(output_)) {
      text += static_cast<char>(c);
    }
    return text;
  }
  void signal(int number) { kill(process_, number); }
  int wait() {
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t process_ = -1;
  FILE* output_ = nullptr;
};

std::string content(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Program, SaysWhereItListensAndStopsCleanly) {
  for (const int number : {SIGTERM, SIGINT}) {
    const fs::path folder =
        fs::path(testing::TempDir()) / ("simulator-" + std::to_string(getpid()));
    fs::create_directories(folder);
    Program program({"--accounts", "10", "--warm", "--ready-file", folder / "ready"},
                    folder / "errors");
    const std::string line = program.line();
    ASSERT_TRUE(line.starts_with("listening on http://127.0.0.1:")) << line;
    EXPECT_EQ("listening on " + content(folder / "ready"), line + "\n");
    const auto port = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
    EXPECT_EQ(get(port, "/users/octocat/repos").status, 404);
    program.signal(number);
    EXPECT_EQ(program.wait(), 0);
    EXPECT_EQ(content(folder / "errors"), "served 1 requests, 89 bytes\n");
    fs::remove_all(folder);
  }
}

TEST(Program, PrintsTheLogins) {
  Program program({"--logins", "--accounts", "3"});
  for (int i = 0; i < 3; ++i) EXPECT_NE(program.line(), "");
  EXPECT_EQ(program.line(), "");
  EXPECT_EQ(program.wait(), 0);
}

std::vector<std::string> lines_of(const std::vector<std::string>& words) {
  Program program(words);
  std::vector<std::string> lines;
  for (std::string line = program.line(); !line.empty(); line = program.line()) {
    lines.push_back(line);
  }
  EXPECT_EQ(program.wait(), 0);
  return lines;
}

TEST(Program, PrintsTheDoomedTheOddAndTheRenamed) {
  const auto doomed = lines_of({"--accounts", "50", "--doomed", "100", "--list-doomed"});
  EXPECT_EQ(doomed.size(), 50u);
  EXPECT_EQ(std::ranges::count(doomed[0], ' '), 1);
  EXPECT_EQ(lines_of({"--accounts", "50", "--odd", "100", "--list-odd"}).size(), 50u);
  EXPECT_EQ(lines_of({"--accounts", "50", "--odd", "100", "--list-doomed"}).size(), 0u);
  const auto renamed =
      lines_of({"--accounts", "50", "--renamed-users", "100", "--day", "1", "--list-renamed"});
  EXPECT_EQ(renamed.size(), 50u);
  EXPECT_EQ(std::ranges::count(renamed[0], ' '), 3);
}

TEST(Program, ReportsWhenItIsStopped) {
  const fs::path folder = fs::path(testing::TempDir()) / ("report-" + std::to_string(getpid()));
  fs::create_directories(folder);
  Program program({"--accounts", "10", "--report", folder / "report"}, folder / "errors");
  const std::string line = program.line();
  const auto port = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  EXPECT_EQ(get(port, "/users/octocat/repos").status, 404);
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
  EXPECT_TRUE(content(folder / "errors")
                  .ends_with("\nimpolite 0: during_wait 0, over_limit 0, "
                             "wrong_principal 0, no_user_agent 0, "
                             "too_many_retries 0, sooner_than_told 0\n"));
  EXPECT_NE(content(folder / "report").find("\"requests\": 1,"), std::string::npos);
  fs::remove_all(folder);
}

TEST(Program, HasAnExitCodeForEveryWayItCannotStart) {
  EXPECT_EQ(Program({"--help"}).wait(), 0);
  EXPECT_EQ(Program({"--no-such-flag"}).wait(), 64);
  EXPECT_EQ(Program({"--latency", "200"}).wait(), 64);
  EXPECT_EQ(Program({"--recorded", "/no/such/folder"}).wait(), 64);
  EXPECT_EQ(Program({"--log", "/no/such/folder/log"}).wait(), 73);
  EXPECT_EQ(Program({"--report", "/no/such/folder/report"}).wait(), 73);
  EXPECT_EQ(Program({"--list-renamed"}).wait(), 64);
  EXPECT_EQ(Program({"--ready-file", "/no/such/folder/ready"}).wait(), 73);
}

}  // namespace
}  // namespace repopipe::simulator
