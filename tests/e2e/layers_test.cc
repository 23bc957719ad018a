// The include rules of the layers, and the size of files: held by reading the sources.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace repopipe {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = REPOPIPE_SOURCE_DIR;
constexpr std::size_t kMostLines = 300;

struct Include {
  std::string file;  // relative to the project
  std::string what;
  bool is_angled;
};

bool starts_with_any(const std::string& text, const std::vector<std::string>& beginnings) {
  return std::ranges::any_of(beginnings,
                             [&](const auto& begin) { return text.starts_with(begin); });
}

std::vector<fs::path> sources(const std::vector<std::string>& folders) {
  std::vector<fs::path> files;
  for (const std::string& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const fs::path extension = entry.path().extension();
      if (extension == ".h" || extension == ".cc") files.push_back(entry.path());
    }
  }
  return files;
}

std::vector<Include> includes() {
  static const std::regex kLine(R"re(\s*#\s*include\s*([<"])([^">]+)[">].*)re");
  std::vector<Include> all;
  for (const fs::path& file : sources({"pipeline", "stages", "storage"})) {
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
      std::smatch match;
      if (!std::regex_match(line, match, kLine)) continue;
      all.push_back({fs::relative(file, kRoot), match[2], match[1] == "<"});
    }
  }
  return all;
}

// <vector>, and the headers of the C library and the system: what needs no package.
bool is_standard(const Include& include) {
  return include.is_angled &&
         (include.what.find('/') == std::string::npos
              ? !starts_with_any(include.what, {"sqlite3", "simdjson", "libdeflate", "msgpack"})
              : starts_with_any(include.what, {"sys/", "arpa/", "netinet/"}));
}

using Words = std::vector<std::string>;

struct Folder {
  Words may_include{};  // folders, besides itself, base and model
  Words packages{};     // what their headers begin with
};

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" `");
  const std::size_t end = text.find_last_not_of(" `/");
  return begin == text.npos ? "" : text.substr(begin, end + 1 - begin);
}

Words split(const std::string& text, char separator) {
  Words words;
  std::stringstream stream(text);
  for (std::string word; std::getline(stream, word, separator);) words.push_back(trimmed(word));
  return words;
}

// "plan" is short for "pipeline/plan".
std::string full_name(const std::string& folder) {
  return fs::exists(kRoot / "pipeline" / folder) ? "pipeline/" + folder : folder;
}

// The table of pipeline/README.md: what each folder may see.
std::map<std::string, Folder> read_folders() {
  const std::map<std::string, std::string> packages{{"TBB", "tbb/"},
                                                    {"msgpack-cxx", "msgpack"},
                                                    {"hiredis", "hiredis/"},
                                                    {"yaml-cpp", "yaml-cpp/"},
                                                    {"nlohmann_json", "nlohmann/"},
                                                    {"OpenSSL", "openssl/"},
                                                    {"CLI11", "CLI/"},
                                                    {"curl", "curl/"},
                                                    {"simdjson", "simdjson"},
                                                    {"libdeflate", "libdeflate"},
                                                    {"prometheus-cpp", "prometheus/"},
                                                    {"SQLite", "sqlite3.h"}};
  std::map<std::string, Folder> folders;
  std::ifstream stream(kRoot / "pipeline/README.md");
  for (std::string line; std::getline(stream, line);) {
    const Words cells = split(line, '|');
    const bool is_folder = line.starts_with("| `") && cells.size() == 6 && line.find("/` |") < 40;
    if (!is_folder) continue;
    Folder& folder = folders[cells[1]];
    for (const std::string& word : split(cells[3], ','))
      folder.may_include.push_back(full_name(word));
    for (const std::string& word : split(cells[4], ',')) {
      if (!word.empty()) folder.packages.push_back(packages.at(word));
    }
  }
  return folders;
}

const std::map<std::string, Folder>& folders() {
  static const std::map<std::string, Folder> all = read_folders();
  return all;
}

std::string folder_of(const std::string& file) {
  return fs::path(file).parent_path().string();
}

// The folder, or "stages/providers/*" for any folder in stages/providers.
std::string row_of(const std::string& folder) {
  const std::string any = folder_of(folder) + "/*";
  return folders().contains(any) ? any : folder;
}

bool may_include(const std::string& from, const Include& include) {
  if (is_standard(include) || starts_with_any(include.what, {"fmt/", "tl/expected"})) return true;
  const Folder& folder = folders().at(row_of(from));
  if (include.is_angled) return starts_with_any(include.what, folder.packages);
  const std::string to = folder_of(include.what);
  if (to == from || to == "pipeline/base") return true;
  if (to == "pipeline/model") return from != "pipeline/base";
  return std::ranges::find(folder.may_include, row_of(to)) != folder.may_include.end();
}

TEST(Layers, SeeOnlyWhatTheyMay) {
  const std::vector<Include> all = includes();
  ASSERT_GT(all.size(), 300U);
  std::set<std::string> found;
  for (const Include& include : all) {
    const std::string from = folder_of(include.file);
    ASSERT_TRUE(folders().contains(row_of(from))) << include.file;
    if (!may_include(from, include)) found.insert(include.file + " " + include.what);
  }
  EXPECT_EQ(found, std::set<std::string>{});
}

// A permission that no folder needs any more hides the next mistake.
TEST(Layers, UseEachPermission) {
  std::map<std::string, std::set<std::string>> used;
  for (const Include& include : includes()) {
    std::set<std::string>& by_folder = used[row_of(folder_of(include.file))];
    by_folder.insert(include.is_angled ? include.what : row_of(folder_of(include.what)));
  }
  for (const auto& [name, folder] : folders()) {
    const std::set<std::string>& by_folder = used[name];
    for (const std::string& other : folder.may_include) {
      EXPECT_TRUE(other.empty() || by_folder.contains(other)) << name << " includes no " << other;
    }
    for (const std::string& package : folder.packages) {
      const auto first = by_folder.lower_bound(package);
      EXPECT_TRUE(first != by_folder.end() && first->starts_with(package))
          << name << ", " << package;
    }
  }
}

// What each folder includes of other folders.
std::map<std::string, std::set<std::string>> folders_included() {
  std::map<std::string, std::set<std::string>> graph;
  for (const Include& include : includes()) {
    if (include.is_angled) continue;
    const std::string from = folder_of(include.file), to = folder_of(include.what);
    if (from != to) graph[from].insert(to);
  }
  return graph;
}

// Folders that include nothing that is left are taken away until none is left.
TEST(Layers, HaveNoCycles) {
  auto graph = folders_included();
  ASSERT_GT(graph.size(), 15U);
  const auto is_base = [&](const std::string& folder) { return !graph.contains(folder); };
  for (bool shrinks = true; shrinks;) {
    for (auto& [folder, others] : graph) std::erase_if(others, is_base);
    shrinks = std::erase_if(graph, [](const auto& entry) { return entry.second.empty(); }) > 0;
  }
  for (const auto& [folder, others] : graph)
    ADD_FAILURE() << folder << " is in a cycle of includes";
}

// Twenty files, but for those that have yet to shrink.
TEST(Layers, KeepFoldersSmall) {
  constexpr int kMostFiles = 20;
  const std::map<std::string, int> larger{{"stages/parse", 21}};
  std::map<std::string, int> counts;
  for (const fs::path& file : sources({"pipeline", "stages", "storage"})) {
    ++counts[fs::relative(file.parent_path(), kRoot)];
  }
  for (const auto& [folder, count] : counts) {
    const auto known = larger.find(folder);
    EXPECT_LE(count, known == larger.end() ? kMostFiles : known->second) << folder;
  }
}

// Sources are nowhere but in the folders of the table.
TEST(Layers, AreTheFoldersOfTheTable) {
  std::set<std::string> found, known;
  for (const fs::path& file : sources({"pipeline", "stages", "storage"})) {
    found.insert(row_of(fs::relative(file.parent_path(), kRoot)));
  }
  for (const auto& [name, folder] : folders()) known.insert(name);
  EXPECT_EQ(found, known);
}

// The paths of a document in backquotes or links; without those with a placeholder.
std::set<std::string> paths_in(const fs::path& document) {
  static const std::regex kPath(R"re([`(]([a-z_]+(/[a-z_0-9.]+)+/?)[`)])re");
  std::ifstream stream(document);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  std::set<std::string> paths;
  for (std::sregex_iterator match(text.begin(), text.end(), kPath), end; match != end; ++match) {
    paths.insert((*match)[1]);
  }
  return paths;
}

TEST(Layers, AreExplainedByFilesThatExist) {
  const std::set<std::string> paths = paths_in(kRoot / "pipeline/README.md");
  ASSERT_GT(paths.size(), 30U);
  for (const std::string& path : paths) {
    EXPECT_TRUE(fs::exists(kRoot / path) || fs::exists(kRoot / "pipeline" / path))
        << "pipeline/README.md: " << path;
  }
}

TEST(Layers, KeepFilesShort) {
  const auto files = sources({"pipeline", "stages", "storage", "tests"});
  ASSERT_GT(files.size(), 200U);
  for (const fs::path& file : files) {
    std::ifstream stream(file);
    const auto lines = std::count(std::istreambuf_iterator<char>(stream), {}, '\n');
    EXPECT_LE(static_cast<std::size_t>(lines), kMostLines) << fs::relative(file, kRoot);
  }
}

}  // namespace
}  // namespace repopipe
