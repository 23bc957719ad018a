// docs/commands.md documents every command, option and exit code, and no other.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "pipeline/base/failure.h"
#include "pipeline/command/options.h"
#include "pipeline/describe/program.h"

namespace repopipe::docs {
namespace {

using Names = std::set<std::string>;

std::string commands_text() {
  std::ifstream file(std::filesystem::path(REPOPIPE_SOURCE_DIR) / "docs/commands.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::set<std::string> matches(const std::string& text, const std::regex& pattern) {
  Names found;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    found.insert((*match)[1]);
  }
  return found;
}

// For each heading "### `NAME ...`", the names of options in the first column of its table.
std::map<std::string, Names> documented_options() {
  static const std::regex kHeading("### `([a-z]+)[^`]*`"), kOption("`(--?[a-z][a-z-]*)");
  std::ifstream file(std::filesystem::path(REPOPIPE_SOURCE_DIR) / "docs/commands.md");
  std::map<std::string, Names> commands;
  Names* options = nullptr;
  std::smatch match;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) options = nullptr;
    if (std::regex_match(line, match, kHeading)) options = &commands[match[1]];
    if (options == nullptr || !line.starts_with("| `-")) continue;
    options->merge(matches(line.substr(0, line.find(" | ")), kOption));
  }
  return commands;
}

// Each command also has --help.
std::map<std::string, Names> real_options(const ProgramDescription& program) {
  std::map<std::string, Names> commands;
  for (const CommandDescription& command : program.commands) {
    Names& options = commands[command.name];
    for (const OptionDescription& option : command.options) {
      options.insert(option.names.begin(), option.names.end());
    }
    EXPECT_TRUE(options.contains("--help")) << command.name;
    options.erase("--help");
    options.erase("-h");
  }
  return commands;
}

TEST(Commands, AreDocumentedWithTheirOptionsAndNoOthers) {
  CommandLine line;
  EXPECT_EQ(documented_options(), real_options(describe_program(line.app)));
}

TEST(Commands, AreInTheFirstTable) {
  static const std::regex kRow("\n[|] \\[`([a-z]+)`\\]\\(#");
  CommandLine line;
  Names names;
  for (const CommandDescription& command : describe_program(line.app).commands) {
    names.insert(command.name);
  }
  EXPECT_EQ(matches(commands_text(), kRow), names);
}

TEST(Commands, HaveTheOptionsOfTheProgramDocumented) {
  CommandLine line;
  for (const OptionDescription& option : describe_program(line.app).program.options) {
    for (const std::string& name : option.names) {
      EXPECT_THAT(commands_text(), ::testing::HasSubstr("`" + name + "`"));
    }
  }
}

// As a row of a table: | 64 | wrong command line |
TEST(Commands, HaveEveryExitCodeDocumentedAndNoOther) {
  static const std::regex kRow("\n[|] ([0-9]+) [|]");
  Names codes;
  for (const ExitCodeMeaning& row : exit_codes()) {
    codes.insert(std::to_string(static_cast<int>(row.code)));
  }
  EXPECT_EQ(matches(commands_text(), kRow), codes);
}

}  // namespace
}  // namespace repopipe::docs
