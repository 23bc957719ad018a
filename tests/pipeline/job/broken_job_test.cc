#include "tests/pipeline/job/broken_job.h"

namespace repopipe {
namespace {

const std::map<std::string, std::string> kFiles{
    {"empty.txt", ""},
    {"users.txt", "octocat\n"},
    {"bad.txt", "# ä\n  @octocat # ä\r\ntorvalds\n- sqlite\n\"quoted\"\na;b\noctocät\n"},
    {"number.json", "[6666666666666666666666666666666666666666.5]"},
    {"bad.json", "[\"octocat\", 1, 1.5,\n null, \"ä\", \"@x\", true, {\"a\": \"b\"}]"},
    {"cut.json", "[\"octocat\",\n \"torvalds\""},
    {"none.json", "[]"},
};

TEST_P(BrokenJob, IsReportedExactly) {
  for (const auto& [name, text] : kFiles) write(name, text);
  std::filesystem::create_directory(folder / "folder");
  std::vector<std::string> diagnostics = diagnostics_of(GetParam().file, GetParam().text);
  EXPECT_THAT(diagnostics, testing::ElementsAreArray(GetParam().diagnostics));
}

}  // namespace
}  // namespace repopipe
