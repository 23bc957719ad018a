// Errors in transforms: position and expected value.
#include "tests/pipeline/job/broken_job.h"

namespace repopipe {
namespace {

class BrokenTransforms : public BrokenJob {};

TEST_P(BrokenTransforms, HasAPosition) {
  const BrokenCase& broken = GetParam();
  EXPECT_EQ(diagnostics_of(broken.file, broken.text), broken.diagnostics);
}

const std::string kOctocat = "source: {usernames: [octocat]}\n";

std::string names_of_transforms() {
  std::string names;
  for (const Transform& transform : transforms()) {
    names += (names.empty() ? "" : ", ") + std::string(transform.name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, BrokenTransforms,
    ::testing::Values(
        BrokenCase{"NoList",
                   "job.yaml",
                   kOctocat + "transforms: drop_forks\n",
                   {"job.yaml:2:13: transforms is \"drop_forks\": expected a list of transforms"}},
        BrokenCase{"UnknownName",
                   "job.yaml",
                   kOctocat + "transforms: [drop_fork]\n",
                   {"job.yaml:2:14: transforms[0] is \"drop_fork\": expected " +
                    names_of_transforms() + "; did you mean drop_forks?"}},
        BrokenCase{"NoName",
                   "job.yaml",
                   kOctocat + "transforms: [drop_forks, 3]\n",
                   {"job.yaml:2:26: transforms[1] is 3: expected the name of a transform, as in "
                    "drop_forks, or one name with its options, as in {keep_columns: {columns: "
                    "[name]}}"}},
        BrokenCase{"WithoutItsOption",
                   "job.yaml",
                   kOctocat + "transforms: [keep_columns]\n",
                   {"job.yaml:2:14: transforms[0]: keep_columns needs columns"}},
        BrokenCase{"OptionOfAnother",
                   "job.yaml",
                   kOctocat + "transforms:\n  - drop_forks: {columns: [name]}\n",
                   {"job.yaml:3:27: unknown key transforms[0].drop_forks.columns: drop_forks has "
                    "no options"}},
        BrokenCase{"UnknownOption",
                   "job.yaml",
                   kOctocat + "transforms:\n  - keep_columns: {column: [name]}\n",
                   {"job.yaml:3:28: unknown key transforms[0].keep_columns.column: keep_columns "
                    "has columns"}},
        BrokenCase{"NoColumns",
                   "job.json",
                   R"({"source": {"usernames": ["octocat"]}, "transforms": )"
                   R"([{"keep_columns": {"columns": []}}]})",
                   {"job.json:1:84: transforms[0].keep_columns.columns is an empty list: expected "
                    "a list of columns, as in [name, language]"}},
        BrokenCase{
            "ColumnTwice",
            "job.yaml",
            kOctocat + "transforms:\n  - keep_columns:\n      columns: [language, language]\n",
            {"job.yaml:4:27: transforms[0].keep_columns.columns[1] is \"language\": it is "
             "named twice"}}),
    [](const auto& broken) { return broken.param.name; });

using TransformsOfAJob = JobTest;

TEST_F(TransformsOfAJob, AreReadInTheirOrderWithTheirOptions) {
  write("job.yaml", kOctocat +
                        "transforms: [drop_archived, keep_columns: {columns: [language, size]}, "
                        "{drop_forks: }]\n");
  const LoadedJob loaded = load("job.yaml");
  EXPECT_THAT(shown(loaded.diagnostics), testing::IsEmpty());
  EXPECT_THAT(loaded.job.transforms,
              testing::ElementsAre(TransformStep{"drop_archived", {}},
                                   TransformStep{"keep_columns", {"language", "size"}},
                                   TransformStep{"drop_forks", {}}));
}

TEST_F(TransformsOfAJob, MayComeFromTheCommandLine) {
  write("job.yaml", kOctocat + "transforms: [drop_archived]\n");
  EXPECT_THAT(load("job.yaml", {"transforms=[drop_forks]"}).job.transforms,
              testing::ElementsAre(TransformStep{"drop_forks", {}}));
}

}  // namespace
}  // namespace repopipe
