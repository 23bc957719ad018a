#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "pipeline/base/secrets.h"
#include "pipeline/command/credentials.h"

namespace repopipe {
namespace {

Result<std::vector<std::string>> resolve(const std::vector<std::string>& references) {
  const Environment environment{[](const std::string& name) -> std::optional<std::string> {
                                  if (name == "TOKEN") return " abc\n";
                                  if (name == "TWO_LINES") return "abc\r\nX-Evil: 1";
                                  return std::nullopt;
                                },
                                -1};
  return resolve_tokens(references, environment);
}

TEST(ResolveTokens, ReadsVariablesFilesAndCommands) {
  const auto file =
      std::filesystem::path(::testing::TempDir()) / ("repopipe-token-" + std::to_string(getpid()));
  std::ofstream(file) << "from-file\n";
  const auto tokens = resolve({"env:TOKEN", "file:" + file.string(), "cmd:printf from-command"});
  std::filesystem::remove(file);
  ASSERT_TRUE(tokens);
  EXPECT_EQ(*tokens, (std::vector<std::string>{"abc", "from-file", "from-command"}));
}

TEST(ResolveTokens, ReadsCredentialsOfSystemd) {
  const auto folder =
      std::filesystem::path(::testing::TempDir()) / ("repopipe-cred-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "token") << "from-systemd\n";
  const Environment environment{[&](const std::string& name) -> std::optional<std::string> {
                                  if (name == "CREDENTIALS_DIRECTORY") return folder.string();
                                  return std::nullopt;
                                },
                                -1};
  const std::vector<std::string> there{"credential:token"}, missing{"credential:other"};
  EXPECT_EQ(resolve_tokens(there, environment).value(), (std::vector<std::string>{"from-systemd"}));
  EXPECT_EQ(resolve_tokens(missing, environment).error().message,
            "provider.tokens[0]: \"credential:other\" cannot be read: No such file or directory");
  std::ofstream(folder / "token") << "\n";
  EXPECT_EQ(
      resolve_tokens(there, environment).error().message,
      "provider.tokens[0]: \"credential:token\" holds no token: expected one word; does the PATH "
      "of its LoadCredential= exist?");
  std::filesystem::remove_all(folder);
  EXPECT_EQ(resolve({"credential:token"}).error().message,
            "provider.tokens[0]: \"credential:token\" cannot be read: the environment variable "
            "CREDENTIALS_DIRECTORY is not set; systemd sets it in a unit with "
            "LoadCredential=token:PATH");
}

TEST(ResolveTokens, NamesTheReferenceThatGivesNone) {
  const auto message_of = [](const std::string& reference) {
    const auto tokens = resolve({reference});
    return tokens ? "" : tokens.error().message;
  };
  EXPECT_EQ(message_of("env:NONE"), "provider.tokens[0]: \"env:NONE\" is not set");
  EXPECT_EQ(
      message_of("file:/nowhere/token"),
      "provider.tokens[0]: \"file:/nowhere/token\" cannot be read: No such file or directory");
}

// Its text may hold the secret.
TEST(ResolveTokens, ReportsHowACommandEndedButNotItsText) {
  const auto message_of = [](const std::string& command) {
    const auto tokens = resolve({"env:TOKEN", "cmd:" + command});
    return tokens ? "" : tokens.error().message;
  };
  EXPECT_EQ(message_of("exit 3"), "provider.tokens[1]: the command ended with status 3");
  EXPECT_EQ(message_of("kill -9 $$"), "provider.tokens[1]: the command was killed by signal 9");
  EXPECT_EQ(message_of("true"),
            "provider.tokens[1]: the command printed no token: expected one word");
  EXPECT_EQ(message_of("/nowhere/x"),
            "provider.tokens[1]: the command ended with status 127: no such command");
}

TEST(ResolveTokens, RunsCommandsWithTheSignalsOfAShell) {
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto old = std::signal(SIGPIPE, SIG_IGN);
  const auto ended = [](const std::string& signal) {
    return resolve({"cmd:kill -" + signal + " $$"}).error().message;
  };
  EXPECT_EQ(ended("TERM"), "provider.tokens[0]: the command was killed by signal 15");
  EXPECT_EQ(ended("PIPE"), "provider.tokens[0]: the command was killed by signal 13");
  std::signal(SIGPIPE, old);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST(ResolveTokens, EndsACommandThatTakesTooLong) {
  const std::vector<std::string> references{"cmd:sleep 1000; true"};
  const TokenPlace place{.within = std::chrono::milliseconds(50), .limit = "run.deadline"};
  EXPECT_EQ(resolve_tokens(references, Environment{}, place).error(),
            (Failure{FailureKind::no_token,
                     "provider.tokens[0]: the command took longer than 50 ms and was killed "
                     "(run.deadline)"}));
}

// What it started in the background holds its output open.
TEST(ResolveTokens, WaitsForTheCommandNotForItsChildren) {
  EXPECT_EQ(*resolve({"cmd:sleep 1000 & echo abc"}), (std::vector<std::string>{"abc"}));
}

TEST(ResolveTokens, MakesASecretOfAllThatACommandPrints) {
  ASSERT_FALSE(resolve({"cmd:echo first-word; echo second-word; false"}));
  EXPECT_EQ(without_secrets("first-word, second-word"), "***, ***");
}

TEST(ResolveTokens, RefusesATokenWhereItsPlaceIsAskedFor) {
  const std::vector<std::string> references{"Bearer hunter2-hunter2-hunter2"};
  const auto tokens = resolve_tokens(references, Environment{}, {.name = "--token"});
  EXPECT_EQ(tokens.error(),
            (Failure{FailureKind::usage,
                     "--token 1: expected env:NAME, file:PATH, cmd:COMMAND or credential:NAME, "
                     "never the token "
                     "itself (...ter2): put it into an environment variable and write env:NAME"}));
}

TEST(ResolveTokens, LetsNoTokenBecomeAHeaderOfItsOwn) {
  const auto tokens = resolve({"env:TWO_LINES"});
  ASSERT_FALSE(tokens);
  EXPECT_EQ(tokens.error(),
            (Failure{FailureKind::no_token,
                     "provider.tokens[0]: \"env:TWO_LINES\" holds no token: expected one word"}));
}

}  // namespace
}  // namespace repopipe
