// The answers in docs/queries.md are those of the simulated nights.
#include <gmock/gmock.h>

#include "tests/docs/answers.h"
#include "tests/e2e/process.h"
#include "tests/e2e/temp_folder.h"

namespace repopipe::docs {
namespace {

using e2e::TempFolder;
using ::testing::HasSubstr;

std::string queries() {
  return e2e::read_file(std::filesystem::path(REPOPIPE_SOURCE_DIR) / "docs/queries.md");
}

void write_demo(const TempFolder& folder) {
  const e2e::Ended ended =
      e2e::run({.arguments = {"/bin/bash", REPOPIPE_SOURCE_DIR "/tests/docs/demo_nights",
                              REPOPIPE_BINARY_DIR, folder.path().string()}});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
}

TEST(Queries, HaveTheAnswersOfTheSimulatedNights) {
  const TempFolder folder;
  ASSERT_NO_FATAL_FAILURE(write_demo(folder));
  const auto written = with_answers(queries(), folder / "repos.db");
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(*written, queries()) << "run scripts/docs";
}

class Answers : public ::testing::Test {
 protected:
  std::string with(const std::string& text) {
    const auto written = with_answers(text, folder_ / "empty.db");
    return written ? *written : "failed: " + written.error().message;
  }

  TempFolder folder_;

 private:
  void SetUp() override { folder_.write("empty.db", ""); }
};

TEST_F(Answers, ReplaceTheTableBelow) {
  const std::string sql = "### What?\n```sql\nSELECT 1 AS number, 'a|b' AS text\n```\n";
  const std::string table = "\n| number | text |\n|--:|---|\n| 1 | a\\|b |\n";
  EXPECT_EQ(with(sql), sql + table);
  EXPECT_EQ(with(sql + "\n| old |\n\n### Next\n"), sql + table + "\n### Next\n");
  EXPECT_EQ(with(sql + "\n### Next\n"), sql + table + "\n### Next\n");
}

TEST_F(Answers, OfExamplesStayIfTheColumnsAreTheSame) {
  const std::string sql = "<!-- example -->\n```sql\nSELECT 1 AS number\n```\n";
  EXPECT_EQ(with(sql + "\n| number |\n|--:|\n| 7 |\n"), sql + "\n| number |\n|--:|\n| 7 |\n");
  EXPECT_EQ(with(sql + "\n| other |\n|--:|\n| 7 |\n"), sql + "\n| number |\n|--:|\n| 1 |\n");
}

TEST_F(Answers, FailForWrongSqlAndWithoutRows) {
  EXPECT_THAT(with("```sql\nSELECT a\n```\n"), HasSubstr("failed: no such column: a"));
  EXPECT_THAT(with("### Who?\n```sql\nSELECT 1 WHERE 0\n```\n"),
              HasSubstr("failed: no rows: Who?"));
}

}  // namespace
}  // namespace repopipe::docs
