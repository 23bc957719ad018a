// README.md documents every flag and every exit code.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "pipeline/base/failure.h"
#include "tests/e2e/process.h"
#include "tests/e2e/temp_folder.h"

namespace repopipe::e2e {
namespace {

std::string readme() {
  return read_file(std::filesystem::path(REPOPIPE_SOURCE_DIR) / "README.md");
}

std::set<std::string> flags_of(const std::vector<std::string>& command) {
  Program program{.arguments = {repopipe_binary()}};
  program.arguments.insert(program.arguments.end(), command.begin(), command.end());
  program.arguments.emplace_back("--help");
  const std::string help = run(program).out;
  static const std::regex kFlag("--[a-z][a-z-]*");
  return {std::sregex_token_iterator(help.begin(), help.end(), kFlag), {}};
}

TEST(Readme, DocumentsEveryFlag) {
  if (readme().empty()) GTEST_SKIP() << "there is no README.md yet";
  for (const std::vector<std::string>& command : {std::vector<std::string>{},
                                                  {"run"},
                                                  {"check"},
                                                  {"merge"},
                                                  {"compare"},
                                                  {"status"},
                                                  {"report"},
                                                  {"explain"},
                                                  {"init"},
                                                  {"completion"}}) {
    const std::set<std::string> flags = flags_of(command);
    EXPECT_TRUE(flags.contains("--help"));
    for (const std::string& flag : flags)
      EXPECT_TRUE(readme().find("`" + flag) != std::string::npos) << flag;
  }
}

// As a row of a table: | 64 | wrong command line |
TEST(Readme, DocumentsEveryExitCode) {
  if (readme().empty()) GTEST_SKIP() << "there is no README.md yet";
  for (const ExitCodeMeaning& row : exit_codes()) {
    const std::string code = std::to_string(static_cast<int>(row.code));
    const std::regex line("(^|\n)[|] *`?" + code + "`? *[|]");
    EXPECT_TRUE(std::regex_search(readme(), line)) << code;
  }
}

}  // namespace
}  // namespace repopipe::e2e
