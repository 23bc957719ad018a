// The include rules of the layers, and the size of files: held by reading the sources.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
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
  Words packages{};     // besides fmt and expected
};

// The table of pipeline/README.md: what each folder may see.
const std::map<std::string, Folder> kFolders{
    {"pipeline/base", {}},
    {"pipeline/model", {}},
    {"pipeline/plan", {}},
    {"pipeline/run", {{"pipeline/plan"}, {"tbb/"}}},
    {"pipeline/workers",
     {{"pipeline/job", "pipeline/workers/local", "pipeline/workers/processes",
       "pipeline/workers/queue", "stages/fetch", "stages/parse", "stages/providers"}}},
    {"pipeline/workers/local",
     {{"pipeline/job", "stages/fetch", "stages/parse", "stages/providers"}, {"tbb/"}}},
    {"pipeline/workers/wire", {{}, {"msgpack"}}},
    {"pipeline/workers/processes", {{"pipeline/workers/wire", "pipeline/workers/local"}}},
    {"pipeline/workers/queue", {{"pipeline/workers/wire", "pipeline/workers/local"}, {"hiredis/"}}},
    {"pipeline/source", {{"pipeline/job"}, {"nlohmann/"}}},
    {"pipeline/job", {{}, {"nlohmann/", "yaml-cpp/", "openssl/"}}},
    {"pipeline/report", {{}, {"nlohmann/"}}},
    {"pipeline/compare", {{"pipeline/job", "pipeline/report", "storage/query"}, {"nlohmann/"}}},
    {"pipeline/command",
     {{"pipeline/compare", "pipeline/job", "pipeline/plan", "pipeline/report", "pipeline/run",
       "pipeline/source", "pipeline/workers", "pipeline/workers/local",
       "pipeline/workers/processes", "pipeline/workers/queue", "stages/fetch", "stages/parse",
       "stages/providers", "storage/merge", "storage/query", "storage/schema", "storage/sqlite",
       "storage/store"},
      {"nlohmann/", "openssl/", "CLI/"}}},
    {"stages/fetch", {{}, {"curl/"}}},
    {"stages/parse", {{}, {"simdjson", "libdeflate"}}},
    {"stages/transform", {}},
    {"stages/providers", {{"stages/parse", "stages/providers/github"}}},
    {"stages/providers/github", {{"stages/parse"}}},
    {"storage/sqlite", {{}, {"sqlite3.h"}}},
    {"storage/schema", {{"storage/sqlite"}}},
    {"storage/store", {{"storage/sqlite", "storage/schema"}}},
    {"storage/merge", {{"storage/sqlite", "storage/schema"}}},
    {"storage/query", {{"storage/sqlite", "storage/schema"}}},
};

// Includes that point upwards or sideways, to be cut: "FILE INCLUDED", one a line.  The list only
// shrinks.
std::set<std::string> exceptions() {
  std::ifstream stream(kRoot / "tests/e2e/layer_exceptions.txt");
  std::set<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.insert(line);
  return lines;
}

std::string folder_of(const std::string& file) {
  return fs::path(file).parent_path().string();
}

bool may_include(const std::string& from, const Include& include) {
  if (is_standard(include) || starts_with_any(include.what, {"fmt/", "tl/expected"})) return true;
  const Folder& folder = kFolders.at(from);
  if (include.is_angled) return starts_with_any(include.what, folder.packages);
  const std::string to = folder_of(include.what);
  if (!kFolders.contains(to)) return true;
  if (to == from || to == "pipeline/base") return true;
  if (to == "pipeline/model") return from != "pipeline/base";
  return std::ranges::find(folder.may_include, to) != folder.may_include.end();
}

TEST(Layers, SeeOnlyWhatTheyMay) {
  const std::vector<Include> all = includes();
  ASSERT_GT(all.size(), 300U);
  std::set<std::string> found;
  for (const Include& include : all) {
    const std::string from = folder_of(include.file);
    if (!kFolders.contains(from) || may_include(from, include)) continue;
    found.insert(include.file + " " + include.what);
  }
  EXPECT_EQ(found, exceptions());
}

// A package that belongs to one place is nowhere else.
TEST(Layers, KeepPackagesInTheirPlaces) {
  struct Place {
    std::string package;
    std::regex files;
  };
  const std::vector<Place> places{
      {"curl/", std::regex("stages/(http|fetch)/.*")},
      {"simdjson", std::regex("stages/.*")},
      {"libdeflate", std::regex("stages/.*")},
      {"sqlite3", std::regex("storage/.*")},
      {"tbb/", std::regex("pipeline/([a-z]*/)*[a-z_]*graph[a-z_]*\\.(h|cc)")},
      {"nlohmann/", std::regex("pipeline/(job|source|report|command|compare)/.*")},
      {"msgpack", std::regex("pipeline/(workers/)?wire/.*")},
      {"hiredis/", std::regex("pipeline/(workers/)?queue/redis\\.h")},
      {"openssl/", std::regex("pipeline/(command/digest|job/certificates)\\.cc")},
      {"yaml-cpp/", std::regex("pipeline/job/.*")},
      {"CLI/", std::regex("pipeline/command/.*")},
  };
  const std::vector<Include> all = includes();
  for (const Place& place : places) {
    bool is_used = false;
    for (const Include& include : all) {
      if (!include.what.starts_with(place.package)) continue;
      is_used = true;
      EXPECT_TRUE(std::regex_match(include.file, place.files))
          << include.file << " includes " << include.what;
    }
    EXPECT_TRUE(is_used) << "nobody includes " << place.package;
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
