// The metrics of a run: they equal the database, and nothing of them changes the run.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"

namespace repopipe::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Metrics : ::testing::Test {
  Metrics() { api.open(); }

  Ended run(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"--set", "metrics.textfile=" + file().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return nightly.run(arguments);
  }
  std::filesystem::path file() const { return nightly.folder() / "nightly.prom"; }
  std::string text() const {
    std::ifstream stream(file());
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  // By name and labels, without the job's.
  std::map<std::string, double> values() const {
    std::map<std::string, double> all;
    std::ifstream stream(file());
    const std::string job = "job_name=\"nightly\"";
    for (std::string line; std::getline(stream, line);) {
      if (line.starts_with("#")) continue;
      const auto at = line.find(job);
      EXPECT_NE(at, line.npos) << line;
      line.erase(at, job.size() + (line[at + job.size()] == ',' ? 1 : 0));
      const std::size_t space = line.rfind(' ');
      all[line.substr(0, space)] = std::stod(line.substr(space + 1));
    }
    return all;
  }
  double stored(const std::string& sql) const {
    return std::stod(value(nightly.database(), sql + " ORDER BY id DESC LIMIT 1"));
  }

  GatedApi api{0};
  Nightly nightly{api.base_url(), {"octocat", "torvalds"}};
};

TEST_F(Metrics, EqualTheDatabase) {
  EXPECT_EQ(run().exit_code, 0);
  const auto all = values();
  const std::map<std::string, std::string> columns{
      {"repopipe_last_run_exit_code{}", "exit_code"},
      {"repopipe_last_run_start_timestamp_seconds{}", "unixepoch(started_at)"},
      {"repopipe_last_run_end_timestamp_seconds{}", "unixepoch(finished_at)"},
      {"repopipe_last_success_timestamp_seconds{}", "unixepoch(finished_at)"},
      {"repopipe_last_run_duration_seconds{}", "wall_ms / 1000"},
      {"repopipe_last_run_stage_seconds{stage=\"fetching\"}", "fetching_ms / 1000"},
      {"repopipe_last_run_busy_seconds{stage=\"store\"}", "store_busy_ms / 1000"},
      {"repopipe_last_run_users{outcome=\"ok\"}", "users_ok"},
      {"repopipe_last_run_repositories{change=\"new\"}", "repos_new"},
      {"repopipe_last_run_requests{status=\"200\"}", "requests"},
      {"repopipe_last_run_received_bytes{}", "bytes"},
      {"repopipe_last_run_request_duration_seconds_count{}", "requests"},
      {"repopipe_last_run_request_duration_seconds_bucket{le=\"10\"}", "requests"},
      {"repopipe_repositories{}", "(SELECT count(*) FROM repos)"},
  };
  for (const auto& [name, column] : columns) {
    ASSERT_TRUE(all.contains(name)) << name << "\n" << text();
    EXPECT_NEAR(all.at(name), stored("SELECT " + column + " FROM runs"), 1e-6) << name;
  }
  EXPECT_GT(all.at("repopipe_database_bytes{}"), 0);
  EXPECT_EQ(std::system(("promtool check metrics < " + file().string()).c_str()), 0)
      << "needs the package prometheus";
}

TEST_F(Metrics, OfARunThatDoesNotStartKeepWhatIsKnown) {
  EXPECT_EQ(run().exit_code, 0);
  const auto before = values();
  EXPECT_EQ(run({"--set", "fetch.concurrency=x"}).exit_code, 78);
  const auto after = values();
  EXPECT_EQ(after.at("repopipe_last_run_exit_code{}"), 78);
  for (const std::string name :
       {"repopipe_last_success_timestamp_seconds{}", "repopipe_last_run_users{outcome=\"ok\"}",
        "repopipe_repositories{}"}) {
    EXPECT_EQ(after.at(name), before.at(name)) << name;
  }
}

TEST_F(Metrics, EscapeTheNameOfTheJobAndNameTheShard) {
  EXPECT_EQ(run({"--set", R"(name='a"b\c')", "--shard", "1/2"}).exit_code, 0);
  EXPECT_THAT(text(),
              HasSubstr(R"(repopipe_last_run_exit_code{job_name="a\"b\\c",shard="1/2"} 0)"));
  EXPECT_EQ(std::system(("promtool check metrics < " + file().string()).c_str()), 0);
}

TEST_F(Metrics, ThatCannotBeWrittenAreOneWarning) {
  const Ended ended = nightly.run({"--set", "metrics.textfile=/nowhere/x.prom"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.err, HasSubstr("warning: /nowhere/x.prom: cannot be written: "));
  EXPECT_EQ(run({"--set", "metrics.textfile=x.txt"}).exit_code, 78);
}

TEST(AlertRules, PassTheirTest) {
  const std::string folder = REPOPIPE_SOURCE_DIR "/configs";
  EXPECT_EQ(std::system(("promtool check rules " + folder + "/alerts.yaml").c_str()), 0)
      << "needs the package prometheus";
  EXPECT_EQ(std::system(("promtool test rules " + folder + "/alerts.test.yaml").c_str()), 0);
}

}  // namespace
}  // namespace repopipe::e2e
