#include <fmt/format.h>

#include <fstream>
#include <set>
#include <sstream>

#include "pipeline/job/job_keys.h"
#include "tests/pipeline/job/job_fixture.h"

namespace repopipe {
namespace {

using testing::IsEmpty;

std::string documentation() {
  std::ifstream file(REPOPIPE_SOURCE_DIR "/docs/job-file.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string row_of(const JobKey& key) {
  const bool words = key.path == "name";
  return fmt::format("| `{}` | {} | {}{}{} | {} |", key.path, expectation(key), words ? "" : "`",
                     key.default_text, words ? "" : "`", key.meaning);
}

// The text of each fenced block in `language`.
std::vector<std::string> blocks(const std::string& language) {
  std::istringstream lines(documentation());
  std::vector<std::string> found;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (inside && line == "```") {
      inside = false;
    } else if (line == "```" + language) {
      inside = true;
      found.emplace_back();
    } else if (inside) {
      found.back() += line + "\n";
    }
  }
  return found;
}

TEST(Documentation, HasARowForEachKeyAndNoOther) {
  std::istringstream lines(documentation());
  std::set<std::string> rows, expected;
  for (std::string line; std::getline(lines, line);) {
    const bool table_of_keys = line.starts_with("| `") && !line.starts_with("| `env:") &&
                               !line.starts_with("| `file:") && !line.starts_with("| `cmd:") &&
                               !line.starts_with("| `credential:");
    if (table_of_keys) rows.insert(line);
  }
  for (const JobKey& key : job_keys()) expected.insert(row_of(key));
  EXPECT_EQ(rows, expected);
}

TEST(Documentation, HasARowForEachTransform) {
  const std::string text = documentation();
  for (const Transform& transform : transforms()) {
    std::string options;
    for (const TransformOption& option : transform.options) {
      options += fmt::format(" {}: {}", option.name, option.meaning);
    }
    EXPECT_THAT(text, testing::HasSubstr(fmt::format("| {} |{} | {} |\n", transform.name, options,
                                                     transform.meaning)));
  }
}

TEST(Documentation, HasAHeadingForEachSection) {
  const std::string text = documentation();
  for (const JobKey& key : job_keys()) {
    const std::string section(key.path.substr(0, key.path.find('.')));
    if (!is_section(section)) continue;
    EXPECT_NE(text.find("\n## `" + section + "`"), text.npos) << section;
  }
}

using Examples = JobTest;

TEST_F(Examples, AreValidExceptForMissingFilesAndVariables) {
  write("users.txt", "octocat\n");
  const std::vector<std::string> examples = blocks("yaml");
  ASSERT_EQ(examples.size(), 4U);
  EXPECT_THAT(diagnostics_of("job.yaml", examples[0]), IsEmpty());
  EXPECT_THAT(diagnostics_of("job.yaml", examples[1]), IsEmpty());
  const std::string sourced = "source: {usernames: [octocat]}\n" + examples[2];
  EXPECT_THAT(diagnostics_of("job.yaml", sourced),
              testing::ElementsAre(testing::HasSubstr("this environment variable is not set"),
                                   testing::HasSubstr("there is no such file"),
                                   testing::HasSubstr("provider.ca_file")));
}

}  // namespace
}  // namespace repopipe
