// The dictionaries know every key that the program reads.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "pipeline/job/job_keys.h"
#include "stages/providers/github/github.h"

namespace repopipe {
namespace {

std::set<std::string> lines_of(const std::string& dictionary) {
  std::ifstream file(std::string(REPOPIPE_SOURCE_DIR) + "/tests/fuzz/" + dictionary);
  std::set<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.insert(line);
  return lines;
}

// The words of a path such as "fetch.timeout".
std::vector<std::string> words_of(std::string_view path) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    words.emplace_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

TEST(Dictionaries, KnowEveryKeyOfTheJobFile) {
  const auto lines = lines_of("job.dict");
  for (const JobKey& key : job_keys()) {
    for (const std::string& word : words_of(key.path)) {
      EXPECT_TRUE(lines.contains("\"" + word + "\"")) << word;
    }
  }
}

TEST(Dictionaries, KnowEveryFieldOfARepository) {
  const auto lines = lines_of("http.dict");
  for (const Field& field : kGithubRepositories.fields) {
    for (const std::string& word : words_of(field.json)) {
      EXPECT_TRUE(lines.contains("\"\\\"" + word + "\\\":\"")) << word;
    }
  }
}

}  // namespace
}  // namespace repopipe
