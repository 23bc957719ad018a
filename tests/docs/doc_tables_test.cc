// The tables in docs/ are what the program writes.
#include "tests/docs/doc_tables.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace repopipe::docs {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(const std::string& name) {
  std::ifstream file(std::filesystem::path(REPOPIPE_SOURCE_DIR) / "docs" / name);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(DocTables, AreWrittenByTheProgram) {
  for (const std::string name : {"job-file.md", "database.md", "troubleshooting.md", "alerts.md"}) {
    const std::string text = text_of(name);
    ASSERT_FALSE(text.empty()) << name;
    const auto written = with_tables(text);
    ASSERT_TRUE(written) << name << ": " << written.error().message;
    EXPECT_EQ(*written, text) << name << ": run scripts/docs";
  }
}

TEST(DocTables, ReplaceThePreviousRows) {
  const auto written =
      with_tables("<!-- keys parse -->\n| old |\n| rows |\nbehind\n| another | table |\n");
  ASSERT_TRUE(written);
  EXPECT_THAT(*written, HasSubstr("| `parse.concurrency` | auto or a whole number"));
  EXPECT_THAT(*written, Not(HasSubstr("old")));
  EXPECT_THAT(*written, HasSubstr("behind\n| another | table |\n"));
}

TEST(DocTables, OfColumnsFollowTheDatabase) {
  const auto written =
      with_tables("### `repo_topics`\nWords.\n\n| column | meaning |\n|---|---|\n");
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_THAT(*written, HasSubstr("Words.\n\n| column | meaning |\n|---|---|\n| `repo_id` | "));
}

TEST(DocTables, HaveOneRowForColumnsOfAnotherTable) {
  const auto written = with_tables("### `latest_run`\n| column | meaning |\n|---|---|\n");
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_THAT(*written, HasSubstr("| `id` to `ordinal` | as in `runs` |\n| `users_settled` | "));
}

TEST(DocTables, OfNothingAreAFailure) {
  EXPECT_FALSE(with_tables("<!-- keys nowhere -->\n"));
}

}  // namespace
}  // namespace repopipe::docs
