#include "tests/e2e/unit_sandbox.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "tests/e2e/temp_folder.h"

namespace repopipe::e2e {
namespace {

namespace fs = std::filesystem;

// A user id that is unused on Debian.
constexpr uid_t kUser = 60'999;

using Groups = std::map<std::string, std::vector<std::string>>;

// Every group of system calls and its members: calls and other groups.
Groups groups_of_calls() {
  std::istringstream lines(run({.arguments = {"/usr/bin/systemd-analyze", "syscall-filter"}}).out);
  Groups groups;
  std::string group, word;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('@')) group = line;
    std::istringstream words(line);
    if (line.starts_with(' ') && words >> word && word != "#") groups[group].push_back(word);
  }
  return groups;
}

std::set<std::string> expand(const std::string& name, const Groups& groups) {
  if (!name.starts_with('@')) return {name};
  std::set<std::string> calls;
  for (const std::string& each : groups.at(name)) calls.merge(expand(each, groups));
  return calls;
}

// The words of every line `key=...` of a unit.
std::vector<std::vector<std::string>> values_of(const fs::path& unit, const std::string& key) {
  std::ifstream lines(unit);
  std::vector<std::vector<std::string>> values;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(key + "=")) continue;
    std::istringstream words(line.substr(key.size() + 1));
    std::vector<std::string>& value = values.emplace_back();
    for (std::string word; words >> word;) value.push_back(word);
  }
  return values;
}

// "openat" of `123 openat(AT_FDCWD, ...) = 3` and of `123 <... openat resumed>...`; empty: the line
// is about a signal or an end.
std::string call_of(const std::string& line) {
  static const std::regex form(R"(^\d+ +(?:<\.\.\. )?([a-z_0-9]+)(?:\(| resumed))");
  std::smatch match;
  return std::regex_search(line, match, form) ? match[1].str() : std::string();
}

bool makes_memory_executable(const std::string& call, const std::string& line) {
  if (line.find("PROT_EXEC") == line.npos) return false;
  return call == "mprotect" || (call == "mmap" && line.find("PROT_WRITE") != line.npos);
}

}  // namespace

std::vector<fs::path> unit_files(const std::string& ending) {
  std::vector<fs::path> files;
  for (const auto& each : fs::directory_iterator(REPOPIPE_SOURCE_DIR "/packaging/systemd")) {
    if (each.path().extension() == ending) files.push_back(each.path());
  }
  std::ranges::sort(files);
  return files;
}

UnitSandbox::UnitSandbox(const fs::path& unit) {
  const Groups groups = groups_of_calls();
  for (std::vector<std::string> value : values_of(unit, "SystemCallFilter")) {
    const bool removes = value.at(0).starts_with('~');
    if (removes) value[0].erase(0, 1);
    for (const std::string& word : value) {
      for (const std::string& call : expand(word, groups)) {
        removes ? static_cast<void>(calls_.erase(call)) : static_cast<void>(calls_.insert(call));
      }
    }
  }
  calls_.merge(expand("@default", groups));
  for (const auto& value : values_of(unit, "RestrictAddressFamilies")) {
    families_.insert(value.begin(), value.end());
  }
}

std::set<std::string> UnitSandbox::refused(const fs::path& trace) const {
  static const std::regex socket(R"(socket(?:pair)?\((AF_[A-Z0-9]+))");
  std::set<std::string> refused;
  std::ifstream lines(trace);
  for (std::string line; std::getline(lines, line);) {
    const std::string call = call_of(line);
    if (call.empty()) continue;
    if (!calls_.contains(call)) refused.insert(call);
    if (makes_memory_executable(call, line)) refused.insert("PROT_EXEC");
    std::smatch match;
    if (std::regex_search(line, match, socket) && !families_.contains(match[1])) {
      refused.insert(match[1]);
    }
  }
  return refused;
}

Program traced(Program program, const fs::path& trace) {
  std::vector<std::string> words{"/usr/bin/strace", "-f", "-qq", "-o", trace.string(), "--"};
  if (geteuid() == 0) {
    const std::string id = std::to_string(kUser);
    words.insert(words.begin(),
                 {"/usr/bin/setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--"});
    std::ofstream(trace).close();
    for (const fs::path& each : {program.folder, trace}) {
      EXPECT_EQ(chown(each.c_str(), kUser, kUser), 0) << each;
    }
  }
  words.insert(words.end(), program.arguments.begin(), program.arguments.end());
  program.arguments = std::move(words);
  return program;
}

}  // namespace repopipe::e2e
