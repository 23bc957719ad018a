#include "pipeline/report/summary.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace repopipe {
namespace {

using namespace std::chrono_literals;

Summary summary() {
  Summary summary;
  summary.job = "nightly";
  summary.database = "/srv/repos.db";
  summary.run_id = 17;
  summary.end.status = RunStatus::complete;
  summary.end.exit_code = ExitCode::complete;
  summary.end.times.fetching = 41'200ms;
  summary.end.times.processing = 90ms;
  summary.end.times.store_busy = 310ms;
  summary.totals = {.ok = 1990,
                    .not_found = 8,
                    .failed = 2,
                    .repos_seen = 41873,
                    .repos_new = 12,
                    .repos_changed = 1034,
                    .repos_gone = 3,
                    .requests = 2140,
                    .bytes = 34'100'000};
  summary.failed = {{"anna", "anna page 2: HTTP 502"}};
  return summary;
}

std::string text_of(const Summary& summary) {
  return end_text(summary) + counts_text(summary);
}

TEST(Summary, SummarizesTheRunInAFewLines) {
  EXPECT_EQ(text_of(summary()),
            "nightly: complete in 41.3 s\n"
            "  users  2,000: 1,990 ok, 8 not found, 2 failed\n"
            "  failed anna page 2: HTTP 502\n"
            "  failed 1 more: SELECT * FROM failures\n"
            "  repos  41,873 seen, 12 new, 1,034 changed, 3 gone\n"
            "  http   2,140 requests, 34.1 MB\n"
            "  time   41.3 s: 41.2 s fetching, 310 ms storing, 0 ms waiting\n"
            "  stored in /srv/repos.db (run 17)\n");
}

TEST(Summary, SaysWhatWasRemovedAndTheFirstTimeWhatDecides) {
  Summary removing = summary();
  removing.removed = {.requests = 120'000, .users = 50'000};
  EXPECT_NE(text_of(removing).find(
                "  log    120,000 old rows of requests and 50,000 of users were removed\n"),
            std::string::npos);
  removing.removed.is_first = true;
  EXPECT_NE(text_of(removing).find("of users were removed;\n"
                                   "         store.keep_requests and store.keep_users say how long "
                                   "rows are kept\n"),
            std::string::npos)
      << text_of(removing);
}

TEST(Summary, SaysWhyARunEndedEarly) {
  Summary early = summary();
  early.end.status = RunStatus::interrupted;
  early.end.exit_code = ExitCode::interrupted;
  early.end.error = "interrupted; the next run resumes";
  early.resumed = true;
  const std::string text = text_of(early);
  EXPECT_TRUE(
      text.starts_with("nightly: interrupted (130): interrupted; the next run resumes\n"
                       "  do     run it again"))
      << text;
  EXPECT_TRUE(text.ends_with("(run 17, resumed)\n")) << text;
}

TEST(Summary, SaysWhatToDoAboutARunThatDidNotComeToAGoodEnd) {
  Summary bad = summary();
  bad.base_url = "https://api.example";
  for (const ExitCodeMeaning& row : exit_codes()) {
    bad.end.exit_code = row.code;
    const bool is_told = text_of(bad).find("\n  do     ") != std::string::npos;
    EXPECT_EQ(is_told, row.code != ExitCode::complete) << static_cast<int>(row.code);
  }
  bad.end.exit_code = ExitCode::unreachable;
  EXPECT_NE(text_of(bad).find("https://api.example"), std::string::npos);
}

TEST(Summary, HasLinesOf80Columns) {
  Summary long_one = summary();
  for (int i = 0; i < 30; ++i) long_one.end.error += "many words ";
  long_one.failed = {{"anna", "anna page 2: " + long_one.end.error}};
  long_one.totals.unchanged = long_one.totals.renamed = long_one.totals.blocked = 1'234'567;
  long_one.base_url = "https://a-rather-long-name-of-a-host.github.example.com/api/v3";
  for (const ExitCodeMeaning& row : exit_codes()) {
    long_one.end.exit_code = row.code;
    std::istringstream lines(text_of(long_one));
    std::string line;
    std::getline(lines, line);  // has the whole cause
    while (std::getline(lines, line)) EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(Summary, IsOneJsonObjectInOneLine) {
  const std::string text = to_json(summary());
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["run_id"], 17);
  EXPECT_EQ(json["status"], "complete");
  EXPECT_EQ(json["exit_code"], 0);
  EXPECT_EQ(json["error"], nullptr);
  EXPECT_EQ(json["users"]["failed"], 2);
  EXPECT_EQ(json["repos"]["gone"], 3);
  EXPECT_EQ(json["failed_users"][0]["login"], "anna");
  EXPECT_DOUBLE_EQ(json["wall_s"], 41.29);
  EXPECT_DOUBLE_EQ(json["stages"]["fetching_s"], 41.2);
}

TEST(Summary, IsDocumentedMemberByMember) {
  std::ifstream file(std::string(REPOPIPE_SOURCE_DIR) + "/docs/summary.md");
  std::ostringstream page;
  page << file.rdbuf();
  const auto json = nlohmann::json::parse(to_json(summary()));
  const auto expect_documented = [&](const std::string& name) {
    EXPECT_NE(page.str().find("`" + name + "`"), std::string::npos) << name;
  };
  for (const auto& [name, value] : json.items()) {
    expect_documented(name);
    if (!value.is_object()) continue;
    for (const auto& [inner, ignored] : value.items()) expect_documented(inner);
  }
}

}  // namespace
}  // namespace repopipe
