// `cmake --install`: the files, the manual pages and the completions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "pipeline/base/failure.h"
#include "tests/e2e/process.h"
#include "tests/e2e/temp_folder.h"

namespace repopipe::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

std::string output_of(std::vector<std::string> arguments) {
  const Ended ended = run(Program{.arguments = std::move(arguments)});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return ended.out;
}

// With one blank for each sequence of blanks.
std::string in_one_line(const std::string& text) {
  std::istringstream stream(text);
  std::string line;
  for (std::string word; stream >> word;) line += word + " ";
  return line;
}

std::vector<std::string> matches(const std::string& text, const std::regex& form) {
  return {std::sregex_token_iterator(text.begin(), text.end(), form, 1), {}};
}

// Finds a program in PATH.
Ended run_tool(std::vector<std::string> arguments, std::map<std::string, std::string> environment) {
  arguments.insert(arguments.begin(), "/usr/bin/env");
  return run(Program{.arguments = std::move(arguments), .environment = std::move(environment)});
}

class Install : public ::testing::Test {
 protected:
  Install() { install("Unspecified"); }

  // A component; all that is none is "Unspecified".
  void install(const std::string& component) const {
    const Ended ended = run_tool({"cmake", "--install", REPOPIPE_BINARY_DIR, "--prefix",
                                  folder_.path().string(), "--component", component},
                                 {});
    EXPECT_EQ(ended.exit_code, 0) << ended.out << ended.err;
  }

  fs::path share() const { return folder_ / "share"; }

  std::set<std::string> files() const {
    std::set<std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      if (!entry.is_directory()) all.insert(fs::relative(entry.path(), folder_.path()));
    }
    return all;
  }

  // Each page must be free of warnings.
  std::string page(const std::string& name) const {
    const std::string section(1, name.back());
    const fs::path file = share() / "man" / ("man" + section) / (name + ".gz");
    const Ended ended =
        run_tool({"man", "--warnings", "--encoding=UTF-8", "--local-file", file.string()},
                 {{"MANWIDTH", "1000"}});
    EXPECT_EQ(ended.exit_code, 0) << name;
    EXPECT_EQ(ended.err, "") << name;
    return in_one_line(ended.out);
  }

 private:
  TempFolder folder_;
};

// From the list of --help.
std::vector<std::string> commands() {
  const std::string help = output_of({repopipe_binary(), "--help"});
  return matches(help.substr(help.find("Subcommands:")), std::regex("\n  ([a-z]+) "));
}

// Without the table of exit codes at the end.
std::vector<std::string> options_in(const std::string& help) {
  return matches(help.substr(0, help.find("Exit codes:")), std::regex("(--[a-z][a-z0-9-]*)"));
}

TEST_F(Install, HasProgramsPagesCompletionsAndSamples) {
  std::vector<std::string> expected{"bin/repopipe",
                                    "bin/repopipe-simulator",
                                    "share/man/man1/repopipe.1.gz",
                                    "share/man/man1/repopipe-simulator.1.gz",
                                    "share/man/man5/repopipe-job.5.gz",
                                    "share/bash-completion/completions/repopipe",
                                    "share/zsh/site-functions/_repopipe",
                                    "share/fish/vendor_completions.d/repopipe.fish",
                                    "share/repopipe/job.schema.json",
                                    "share/doc/repopipe/copyright",
                                    "share/doc/repopipe/changelog.gz",
                                    "share/doc/repopipe/examples/alerts.yaml",
                                    "share/doc/repopipe/examples/nightly.yaml",
                                    "share/doc/repopipe/examples/enterprise.json",
                                    "share/doc/repopipe/examples/hooks/mail.sh"};
  for (const std::string& command : commands()) {
    expected.push_back("share/man/man1/repopipe-" + command + ".1.gz");
  }
  std::error_code none;
  const fs::path units = fs::path(REPOPIPE_SOURCE_DIR) / "packaging/systemd";
  for (const auto& unit : fs::directory_iterator(units, none)) {
    expected.push_back("lib/systemd/system/" + unit.path().filename().string());
  }
  install("programs");
  const std::set<std::string> found = files();
  EXPECT_GT(expected.size(), 25U);
  EXPECT_THAT(found, IsSupersetOf(expected));
  for (const std::string& file : found) {
    EXPECT_TRUE(file.starts_with("bin/") || file.starts_with("share/") ||
                file.starts_with("lib/systemd/system/") || file.starts_with("lib/sysusers.d/"))
        << file;
  }
}

TEST_F(Install, HasAPageForEachCommandWithEachOption) {
  const std::string program = page("repopipe.1");
  for (const std::string& command : commands()) {
    const std::string text = page("repopipe-" + command + ".1");
    EXPECT_THAT(program, HasSubstr("repopipe-" + command + "(1)"));
    for (const std::string& option :
         options_in(output_of({repopipe_binary(), command, "--help"}))) {
      EXPECT_THAT(text, HasSubstr(" " + option)) << command;
    }
    for (const char* section : {"SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "EXAMPLES", "SEE ALSO"}) {
      EXPECT_THAT(text, HasSubstr(section)) << command << ": see command_notes()";
    }
  }
  for (const ExitCodeMeaning& row : exit_codes()) {
    const std::string code = std::to_string(static_cast<int>(row.code));
    EXPECT_THAT(program, HasSubstr(" " + code + " " + std::string(row.meaning) + "."));
  }
}

TEST_F(Install, HasAPageForTheSimulator) {
  const std::string text = page("repopipe-simulator.1");
  const auto options = options_in(output_of({simulator_binary(), "--help"}));
  EXPECT_GT(options.size(), 30U);
  for (const std::string& option : options) EXPECT_THAT(text, HasSubstr(" " + option));
}

// `explain` prints a key at the beginning of a line, and its meaning behind it.
TEST_F(Install, HasAPageForTheJobWithEachKey) {
  const std::string text = page("repopipe-job.5");
  const std::string keys = output_of({repopipe_binary(), "explain"});
  const std::regex kEntry("(?:^|\n)(\\S+ .*(?:\n .*)*)");
  const auto entries = matches(keys, kEntry);
  EXPECT_GT(entries.size(), 40U);
  for (const std::string& entry : entries) EXPECT_THAT(text, HasSubstr(in_one_line(entry)));
}

TEST_F(Install, HasTheCompletionsThatTheProgramPrints) {
  const std::map<std::string, std::string> places{
      {"bash", "bash-completion/completions/repopipe"},
      {"zsh", "zsh/site-functions/_repopipe"},
      {"fish", "fish/vendor_completions.d/repopipe.fish"}};
  for (const auto& [shell, place] : places) {
    EXPECT_EQ(read_file(share() / place), output_of({repopipe_binary(), "completion", shell}));
  }
}

// A system with an enabled timer whose job has run, for the scripts of the Debian package.
struct DebianRoot {
  DebianRoot() {
    fs::create_directories(root / "var/lib/systemd/timers");
    fs::create_directories(wants);
    root.write("var/lib/systemd/timers/stamp-repopipe@nightly.timer", "");
    fs::create_symlink("/usr/lib/systemd/system/repopipe@.timer", wants / "repopipe@nightly.timer");
    fs::create_symlink("/usr/lib/systemd/system/cron.timer", wants / "cron.timer");
  }
  Ended run_script(const std::string& name, const std::string& action) const {
    const fs::path script = fs::path(REPOPIPE_SOURCE_DIR) / "packaging/debian" / name;
    return run(Program{.arguments = {"/bin/sh", script.string(), action},
                       .environment = {{"DPKG_ROOT", root.path().string()}}});
  }

  TempFolder root;
  fs::path wants = root / "etc/systemd/system/timers.target.wants";
};

TEST(DebianScripts, PurgeRemovesWhatUnitsHaveMadeOnly) {
  const DebianRoot debian;
  debian.root.write("var/lib/repopipe/nightly/repos.db", "");
  for (const char* action : {"remove", "upgrade"}) {
    EXPECT_EQ(debian.run_script("postrm", action).exit_code, 0);
    EXPECT_TRUE(fs::exists(debian.root / "var/lib/repopipe/nightly/repos.db")) << action;
    EXPECT_TRUE(fs::is_symlink(debian.wants / "repopipe@nightly.timer")) << action;
  }
  const Ended purged = debian.run_script("postrm", "purge");
  EXPECT_EQ(purged.exit_code, 0) << purged.err;
  // Folders that neither root nor repopipe owns belong to somebody else.
  EXPECT_EQ(fs::exists(debian.root / "var/lib/repopipe"), ::geteuid() != 0);
  EXPECT_FALSE(fs::is_symlink(debian.wants / "repopipe@nightly.timer"));
  EXPECT_TRUE(fs::is_symlink(debian.wants / "cron.timer"));
  EXPECT_TRUE(fs::is_empty(debian.root / "var/lib/systemd/timers"));
}

TEST(DebianScripts, PurgeKeepsDatabasesBehindALink) {
  const DebianRoot debian;
  debian.root.write("data/nightly/repos.db", "");
  fs::create_directory_symlink(debian.root / "data", debian.root / "var/lib/repopipe");
  EXPECT_EQ(debian.run_script("postrm", "purge").exit_code, 0);
  EXPECT_TRUE(fs::exists(debian.root / "data/nightly/repos.db"));
  EXPECT_TRUE(fs::is_symlink(debian.root / "var/lib/repopipe"));
}

}  // namespace
}  // namespace repopipe::e2e
