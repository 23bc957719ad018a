#include "pipeline/command/tokens.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

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

TEST(ResolveTokens, NamesTheReferenceThatGivesNone) {
  const auto message_of = [](const std::string& reference) {
    const auto tokens = resolve({reference});
    return tokens ? "" : tokens.error().message;
  };
  EXPECT_EQ(message_of("env:NONE"), "provider.tokens: \"env:NONE\" is not set");
  EXPECT_EQ(message_of("file:/nowhere/token"),
            "provider.tokens: \"file:/nowhere/token\" cannot be read");
  EXPECT_EQ(message_of("cmd:exit 3"), "provider.tokens: \"cmd:exit 3\" ended with status 3");
  EXPECT_EQ(message_of("cmd:kill -9 $$"),
            "provider.tokens: \"cmd:kill -9 $$\" was ended by a signal");
  EXPECT_EQ(message_of("cmd:true"),
            "provider.tokens: \"cmd:true\" gives no token: expected one word");
}

TEST(ResolveTokens, LetsNoTokenBecomeAHeaderOfItsOwn) {
  const auto tokens = resolve({"env:TWO_LINES"});
  ASSERT_FALSE(tokens);
  EXPECT_EQ(tokens.error(),
            (Failure{FailureKind::no_token,
                     "provider.tokens: \"env:TWO_LINES\" gives no token: expected one word"}));
}

}  // namespace
}  // namespace repopipe
