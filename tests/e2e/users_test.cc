// Where usernames come from, and where a job is run from.
#include <gtest/gtest.h>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"

namespace repopipe::e2e {
namespace {

const Rows kBoth{{"octocat"}, {"torvalds"}};

struct Users : ::testing::Test {
  Rows listed() const {
    return query(nightly.database(), "SELECT login FROM run_users ORDER BY login");
  }

  GatedApi api{1000};
  Nightly nightly{api.base_url(), {"octocat", "torvalds"}};
};

TEST_F(Users, ComeFromAFileBesideTheJobWhateverTheWorkingDirectory) {
  Program program = nightly.program();
  program.folder = "/";
  EXPECT_EQ(run(program).exit_code, 0);
  EXPECT_EQ(listed(), kBoth);
}

TEST_F(Users, AJobMayBeNamedByARelativePath) {
  Program program = nightly.program();
  program.arguments.back() = "nightly.yaml";
  EXPECT_EQ(run(program).exit_code, 0);
  EXPECT_EQ(listed(), kBoth);
}

TEST_F(Users, ComeFromStandardInput) {
  Program program = nightly.program({"--set", "source.usernames_file=-"});
  program.input = "# who\noctocat\r\n\n  torvalds  \n";
  EXPECT_EQ(run(program).exit_code, 0);
  EXPECT_EQ(listed(), kBoth);
}

TEST_F(Users, ComeFromAJsonArray) {
  nightly.folder().write("users.json", "[\"octocat\",\n \"torvalds\"]\n");
  EXPECT_EQ(nightly.run({"--set", "source.usernames_file=users.json"}).exit_code, 0);
  EXPECT_EQ(listed(), kBoth);
}

TEST_F(Users, ThatDifferInCaseAreOne) {
  nightly.list({"octocat", "Torvalds", "OCTOCAT", "torvalds", "octocat"});
  EXPECT_EQ(nightly.run({"--set", "source.usernames=[OctoCat]"}).exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "SELECT lower(login) FROM run_users ORDER BY 1"), kBoth);
  EXPECT_EQ(api.asked().size(), 2U);
}

TEST_F(Users, AWrongOneIsToldWithItsPlaceAndNothingRuns) {
  nightly.list({"octocat", "not a login"});
  const Ended ended = nightly.run();
  EXPECT_EQ(ended.exit_code, 78);
  EXPECT_NE(ended.err.find("users.txt:2:"), std::string::npos) << ended.err;
  EXPECT_FALSE(std::filesystem::exists(nightly.database()));
}

}  // namespace
}  // namespace repopipe::e2e
