// The include rules of the layers, and the size of files: held by reading the sources.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
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
              : starts_with_any(include.what, {"sys/"}));
}

struct Rule {
  const char* of;                        // files whose path begins so
  std::vector<std::string> may_include;  // besides the standard library
};

// What each layer may see.  The first row that fits a file counts.
const std::vector<Rule> kLayers{
    {"pipeline/core/", {"pipeline/core/", "fmt/", "tl/expected"}},
    {"stages/http/",
     {"pipeline/core/", "stages/", "fmt/", "tl/expected", "curl/", "arpa/", "netinet/",
      "sys/socket.h", "unistd.h"}},
    {"stages/", {"pipeline/core/", "stages/", "fmt/", "tl/expected", "simdjson", "libdeflate"}},
    {"storage/", {"pipeline/core/", "storage/", "fmt/", "tl/expected", "sqlite3.h"}},
    {"pipeline/job/",
     {"pipeline/core/", "pipeline/job/", "fmt/", "tl/expected", "nlohmann/", "yaml-cpp/",
      "openssl/"}},
    {"pipeline/command/",
     {"pipeline/", "stages/", "storage/", "fmt/", "tl/expected", "nlohmann/", "openssl/", "CLI/"}},
    {"pipeline/wire/",
     {"pipeline/core/", "pipeline/wire/", "pipeline/workers/work_settings.h", "fmt/", "tl/expected",
      "msgpack"}},
    {"pipeline/workers/",
     {"pipeline/core/", "pipeline/wire/", "pipeline/workers/", "pipeline/job/job.h",
      "pipeline/work_place.h", "pipeline/worker_graph.h", "stages/", "fmt/"}},
    {"pipeline/queue/",
     {"pipeline/core/", "pipeline/wire/", "pipeline/workers/", "pipeline/queue/", "pipeline/job/",
      "pipeline/principal.h", "stages/", "fmt/", "tl/expected", "hiredis/"}},
    {"pipeline/compare/",
     {"pipeline/core/", "pipeline/compare/", "pipeline/job/", "storage/", "fmt/", "tl/expected",
      "nlohmann/"}},
    {"pipeline/", {"pipeline/", "stages/", "fmt/", "tl/expected", "tbb/"}},
};

TEST(Layers, SeeOnlyWhatTheyMay) {
  const std::vector<Include> all = includes();
  ASSERT_GT(all.size(), 300U);
  for (const Include& include : all) {
    const auto rule = std::ranges::find_if(
        kLayers, [&](const Rule& layer) { return include.file.starts_with(layer.of); });
    ASSERT_NE(rule, kLayers.end()) << include.file;
    EXPECT_TRUE(is_standard(include) || starts_with_any(include.what, rule->may_include))
        << include.file << " includes " << include.what;
  }
}

// A package that belongs to one place is nowhere else.
TEST(Layers, KeepPackagesInTheirPlaces) {
  struct Place {
    std::string package;
    std::regex files;
  };
  const std::vector<Place> places{
      {"curl/", std::regex("stages/http/.*")},
      {"simdjson", std::regex("stages/.*")},
      {"libdeflate", std::regex("stages/.*")},
      {"sqlite3", std::regex("storage/.*")},
      {"tbb/", std::regex("pipeline/[a-z_]*graph[a-z_]*\\.(h|cc)")},
      {"nlohmann/", std::regex("pipeline/(job|command|compare)/.*")},
      {"msgpack", std::regex("pipeline/wire/.*")},
      {"hiredis/", std::regex("pipeline/queue/redis\\.h")},
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
