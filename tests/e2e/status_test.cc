// `repopipe status`: during a run, after one that was killed, and without writing anything.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/testing/eventually.h"

namespace repopipe::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

Ended status(const Nightly& nightly, std::vector<std::string> arguments) {
  Program program = nightly.program();
  program.arguments = {repopipe_binary(), "status"};
  for (std::string& argument : arguments) program.arguments.push_back(std::move(argument));
  return run(program);
}

nlohmann::json json_of(const Nightly& nightly, const fs::path& what) {
  return nlohmann::json::parse(status(nightly, {what.string(), "--json"}).out).at(0);
}

// Name, size and time of change of each file.
std::map<std::string, std::string> files_of(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    files[entry.path().filename()] =
        std::to_string(entry.file_size()) + " " +
        std::to_string(entry.last_write_time().time_since_epoch().count());
  }
  return files;
}

struct StatusOfARun : ::testing::Test {
  StatusOfARun() {
    api.wait_until_held(1);
    // The first user is committed at some moment after its response.
    EXPECT_TRUE(::repopipe::testing::eventually([this] {
      const auto running = json_of(nightly, nightly.job())["running"];
      return running.is_object() && running["users_settled"] == 1;
    }));
  }

  GatedApi api{1};
  Nightly nightly{api.base_url(), {"octocat", "hubot", "ghost"}};
  Process run{nightly.program({"--set", "fetch.concurrency=1"})};
};

TEST_F(StatusOfARun, NamesTheRunAndHowFarItIs) {
  const auto before = files_of(nightly.folder().path());
  const auto json = json_of(nightly, nightly.job());
  EXPECT_EQ(json["running"]["run_id"], 1);
  EXPECT_EQ(json["running"]["users_settled"], 1);
  EXPECT_TRUE(json["unfinished"].empty());
  EXPECT_THAT(json["holder"].get<std::string>(), HasSubstr(std::to_string(run.pid())));
  EXPECT_THAT(status(nightly, {nightly.database()}).out, HasSubstr("run 1 runs since"));
  EXPECT_EQ(files_of(nightly.folder().path()), before);
  api.open();
  EXPECT_EQ(run.wait().exit_code, 0);
}

TEST_F(StatusOfARun, NamesAKilledRunAndLeavesItsLog) {
  run.signal(SIGKILL);
  run.wait();
  const auto before = files_of(nightly.folder().path());
  ASSERT_TRUE(before.contains("repos.db-wal"));
  const auto json = json_of(nightly, nightly.job());
  EXPECT_TRUE(json["running"].is_null());
  EXPECT_EQ(json["unfinished"][0]["users_settled"], 1);
  EXPECT_THAT(status(nightly, {nightly.job()}).out, HasSubstr("open     run 1, killed, begun"));
  EXPECT_EQ(files_of(nightly.folder().path()), before);
}

struct StatusAfterRuns : ::testing::Test {
  GatedApi api{1000};
  Nightly nightly{api.base_url(), {"octocat", "hubot"}};
};

TEST_F(StatusAfterRuns, EqualsTheDatabaseAndWritesNothing) {
  ASSERT_EQ(nightly.run().exit_code, 0);
  ASSERT_EQ(nightly.run({"--set", "name=other"}).exit_code, 0);
  const auto before = files_of(nightly.folder().path());
  const auto json = json_of(nightly, nightly.database());
  EXPECT_EQ(files_of(nightly.folder().path()), before);
  EXPECT_EQ(json["repositories"], 2);
  EXPECT_EQ(json["users"], 2);
  ASSERT_EQ(json["runs"].size(), 2U);
  EXPECT_EQ(json["runs"][0]["run_id"], 2);
  EXPECT_EQ(json["job"], "other");
  const auto& first = json["runs"][1];
  const Rows rows = query(nightly.database(),
                          "SELECT started_at, finished_at, users_ok, repos_new, requests, bytes "
                          "FROM runs WHERE id = 1");
  EXPECT_EQ((Row{first["started_at"], first["finished_at"], first["users"]["ok"].dump(),
                 first["repos"]["new"].dump(), first["requests"].dump(), first["bytes"].dump()}),
            rows[0]);
  EXPECT_EQ(json_of(nightly, nightly.job())["runs"].size(), 1U);  // only those of the job
}

TEST_F(StatusAfterRuns, NeedsNoTokenNorUsers) {
  ASSERT_EQ(nightly.run().exit_code, 0);
  const auto job = nightly.folder().write(
      "bare.yaml",
      "name: nightly\nprovider: {tokens: [env:UNSET]}\nsource: {usernames_file: '-'}\n");
  EXPECT_THAT(status(nightly, {job}).out, HasSubstr("run 1, complete"));
}

TEST_F(StatusAfterRuns, ChecksTheAgeOfTheLastCompleteRun) {
  EXPECT_EQ(status(nightly, {nightly.job(), "--max-age", "1d"}).exit_code, 65);
  EXPECT_EQ(status(nightly, {nightly.job()}).exit_code, 0);
  ASSERT_EQ(nightly.run().exit_code, 0);
  EXPECT_EQ(status(nightly, {nightly.job(), "--max-age", "1d"}).exit_code, 0);
  execute(nightly.database(), "UPDATE runs SET finished_at = '2026-01-01T00:00:00.000Z'");
  const Ended old = status(nightly, {nightly.job(), "--max-age", "1d"});
  EXPECT_EQ(old.exit_code, 65);
  EXPECT_THAT(old.err, HasSubstr("the last complete run ended 1 Jan 00:00"));
  EXPECT_EQ(status(nightly, {nightly.job(), "--max-age", "soon"}).exit_code, 64);
}

TEST_F(StatusAfterRuns, ReportsEachArgumentThatCannotBeRead) {
  ASSERT_EQ(nightly.run().exit_code, 0);
  const auto bad = nightly.folder().write("bad.yaml", "store: {databse: x}\n");
  const Ended ended = status(nightly, {bad, nightly.job()});
  EXPECT_EQ(ended.exit_code, 78);
  EXPECT_THAT(ended.err, HasSubstr("bad.yaml:1:"));
  EXPECT_THAT(ended.out, HasSubstr("run 1, complete"));
}

TEST_F(StatusAfterRuns, EscapesTextFromOutside) {
  ASSERT_EQ(nightly.run().exit_code, 0);
  execute(nightly.database(),
          "UPDATE runs SET status = 'failed', error = 'x' || char(27) || '[2J'");
  const std::string out = status(nightly, {nightly.job()}).out;
  EXPECT_THAT(out, HasSubstr("x\\x1b[2J"));
  EXPECT_THAT(out, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace repopipe::e2e
