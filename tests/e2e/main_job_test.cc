// The main job: pages as GitHub sends them become rows.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"

namespace repopipe::e2e {
namespace {

const std::string kFixtures = std::string(REPOPIPE_SOURCE_DIR) + "/tests/e2e/fixtures";

TEST(MainJob, KeepsWhatGitHubSent) {
  const Simulator github({"--recorded", kFixtures});
  const Nightly nightly(github.base_url(), {"mona-lisa"});
  const Ended ended = nightly.run();
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(query(nightly.database(), "SELECT id, login, kind FROM users"),
            (Rows{{"5000000001", "Mona-Lisa", "User"}}));
  EXPECT_EQ(
      query(nightly.database(),
            "SELECT id, name, description, fork, homepage, language, license_spdx_id,"
            "       stargazers_count, forks_count, topics, archived, pushed_at, gone_since "
            "FROM repos ORDER BY id"),
      (Rows{{"5000000101", ".github", "NULL", "0", "NULL", "NULL", "NULL", "0", "0", "[]", "0",
             "NULL", "NULL"},
            {"5000000102", "palette", "Peinture — 🎨 絵画 \u2028 \"quoted\" \\ back", "0", "", "C++",
             "MIT", "1500", "42", R"(["art","c-plus-plus"])", "0", "2026-01-01T00:00:00Z", "NULL"},
            {"5000000103", "null", "forked prose", "1", "see the wiki", "C++", "NOASSERTION", "7",
             "1", "[]", "1", "2018-01-01T00:00:00Z", "NULL"},
            {"5000000104", "1.0", "", "0", "NULL", "Jupyter Notebook", "NULL", "20", "0", "[]", "0",
             "2026-01-01T00:00:00Z", "NULL"}}));
  EXPECT_EQ(query(nightly.database(), "SELECT topic FROM repo_topics ORDER BY topic"),
            (Rows{{"art"}, {"c-plus-plus"}}));
  EXPECT_EQ(query(nightly.database(),
                  "SELECT status, exit_code, error, users_ok, repos_seen,"
                  "       repos_new, requests FROM latest_run"),
            (Rows{{"complete", "0", "NULL", "1", "4", "4", "1"}}));
}

TEST(MainJob, KeepsARealRecording) {
  const char* recorded = std::getenv("REPOPIPE_RECORDED");
  if (recorded == nullptr) GTEST_SKIP() << "REPOPIPE_RECORDED names no folder of recordings";
  const Simulator github({"--recorded", recorded});
  const Nightly nightly(github.base_url(), {"kohsuke"});
  const Ended ended = nightly.run({"--set", "provider.per_page=30"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(query(nightly.database(),
                  "SELECT count(*), sum(stargazers_count), sum(forks_count),"
                  "       count(*) FILTER (WHERE license_key IS NULL) FROM repos"),
            (Rows{{"120", "2368", "516", "91"}}));
}

TEST(MainJob, ATwoLineJobWorks) {
  const Simulator github({"--recorded", kFixtures});
  const TempFolder folder;
  folder.write("my job.yaml", "source: {usernames: [mona-lisa]}\nprovider: {base_url: '" +
                                  github.base_url() + "'}\n");
  const Ended ended = run({.arguments = {repopipe_binary(), "run", folder / "my job.yaml"}});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(query(folder / "repos.db", "SELECT job, repos_seen FROM latest_run"),
            (Rows{{"my job", "4"}}));
}

}  // namespace
}  // namespace repopipe::e2e
