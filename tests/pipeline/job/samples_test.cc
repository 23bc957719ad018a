// Every file of configs/ that is a job loads without errors.
#include <unistd.h>

#include <array>

#include "tests/pipeline/job/job_fixture.h"

namespace repopipe {
namespace {

const std::filesystem::path kFolder = REPOPIPE_SOURCE_DIR "/configs";

bool is_job(const std::filesystem::path& file) {
  const std::string name = file.filename();
  const bool other =
      name.find("schema") != name.npos || name.starts_with("alerts") || name == "datasette.yaml";
  return (file.extension() == ".yaml" || file.extension() == ".json") && !other;
}

// Standard input names one user.
LoadedJob load_sample(const std::filesystem::path& file) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  EXPECT_EQ(write(ends[1], "octocat\n", 8), 8);
  close(ends[1]);
  LoadedJob loaded = load_job(file, {}, {[](const std::string&) { return "/tmp"; }, ends[0]});
  close(ends[0]);
  return loaded;
}

TEST(Samples, AllLoad) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (!is_job(entry.path())) continue;
    ++count;
    const LoadedJob loaded = load_sample(entry.path());
    EXPECT_THAT(shown(loaded.diagnostics), testing::IsEmpty());
    EXPECT_GT(loaded.users.count, 0U) << entry.path();
    EXPECT_EQ(logins_of(loaded.users).size(), loaded.users.count) << entry.path();
  }
  EXPECT_GE(count, 3);
}

TEST(Samples, EnterpriseReadsItsList) {
  const LoadedJob loaded = load_sample(kFolder / "enterprise.json");
  EXPECT_THAT(logins_of(loaded.users), testing::ElementsAre("platform-team", "octocat", "torvalds",
                                                            "github", "sqlite", "dependabot[bot]"));
}

}  // namespace
}  // namespace repopipe
