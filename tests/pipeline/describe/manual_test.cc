// Manual pages as text for scdoc.  tests/e2e/install_test.cc reads them as a user does.
#include "pipeline/describe/manual.h"

#include <gmock/gmock.h>

#include "pipeline/job/job_keys.h"

namespace repopipe {
namespace {

using testing::HasSubstr;
using testing::Not;

const OptionDescription kProgress{.names = {"--progress", "-p"},
                                  .value = "ENUM",
                                  .meaning = "A line_with *marks*",
                                  .default_text = "auto",
                                  .kind = ValueKind::word,
                                  .words = {"auto", "never"}};
const OptionDescription kJob{.names = {},
                             .value = "JOB",
                             .meaning = "Job file",
                             .kind = ValueKind::job_file,
                             .required = true};
const ProgramDescription kProgram{
    .program = {.name = "repopipe", .meaning = "repopipe lists."},
    .commands = {
        {.name = "run", .meaning = "Run a job", .options = {kProgress}, .arguments = {kJob}}}};

std::string page_text(std::string_view name) {
  for (const ManualPage& page : manual_pages(kProgram, {})) {
    if (page.name == name) return page.text;
  }
  return {};
}

TEST(Manual, EscapesTheMarksOfScdoc) {
  EXPECT_EQ(for_scdoc("a_b *c* d\\e f++ `g`"), "a\\_b \\*c\\* d\\\\e f\\+\\+ \\`g\\`");
}

TEST(Manual, DescribesOptionsAndArguments) {
  const std::string text = page_text("repopipe-run");
  EXPECT_THAT(text, testing::StartsWith("repopipe-run(1)\n\n# NAME\n\nrepopipe-run - run a job\n"));
  EXPECT_THAT(text, HasSubstr("\n*repopipe run* [_OPTIONS_] _JOB_\n"));
  EXPECT_THAT(text, HasSubstr("\n_JOB_\n\tJob file.\n"));
  EXPECT_THAT(text, HasSubstr("\n*--progress*, *-p* _auto|never_\n"
                              "\tA line\\_with \\*marks\\*. Default: auto.\n"));
}

TEST(Manual, NamesTheProgramOnce) {
  EXPECT_THAT(page_text("repopipe"), HasSubstr("\nrepopipe - lists\n"));
}

TEST(Manual, HasEachKeyWithItsSection) {
  const std::string text = page_text("repopipe-job");
  for (const JobKey& key : job_keys()) {
    EXPECT_THAT(text, HasSubstr("\n*" + for_scdoc(key.path) + "*\n\t" + for_scdoc(key.meaning)));
  }
  EXPECT_THAT(text, HasSubstr("\n## fetch\n\n*fetch.engine*\n"));
}

// A line that begins with a dot would be a command of roff.
TEST(Manual, HasNoCommandsOfRoff) {
  for (const ManualPage& page : manual_pages(kProgram, {})) {
    EXPECT_THAT(page.text, Not(HasSubstr("\n."))) << page.name;
    EXPECT_THAT(page.text, Not(HasSubstr("\n'"))) << page.name;
  }
}

}  // namespace
}  // namespace repopipe
