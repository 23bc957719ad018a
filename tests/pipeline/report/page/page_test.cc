#include "pipeline/report/page/page.h"

#include <gmock/gmock.h>

#include <regex>

#include "pipeline/report/figures.h"
#include "pipeline/report/page/night_charts.h"
#include "tests/pipeline/report/page/made_up_night.h"

namespace repopipe {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string page_of(const NightReport& report) {
  return to_html(report, "0.1.0", *parse_iso8601("2026-11-12T12:00:00.000Z"));
}

NightReport with_text(const std::string& text) {
  NightReport report = made_up_night();
  report.night.job = report.night.error = text;
  report.night.status = "incomplete";
  report.not_listed = {{"failed", text, {1, {text}}, "2026-11-01T00:00:00.000Z"}};
  report.renamed = {{text, text}};
  report.renamed_count = 1;
  report.failed_requests = {{text, 500, 3, text}};
  report.slowest = {{text, 100, {1, 2, 3, 4}, 5, 6, 1}};
  report.tokens = {{text, "2026-11-13T00:00:00.000Z"}};
  report.waits = {{text, 5'000, 1}};
  for (ChangedRepos* list : {&report.gained, &report.added, &report.gone, &report.moved}) {
    *list = {9, {{text, text, 3}}};
  }
  return report;
}

TEST(ReportPage, EscapesAllTextFromOutside) {
  const std::string page = page_of(with_text("<script>alert(1)</script>\x1b\"'&"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("\x1b")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST(ReportPage, LoadsAndRunsNothing) {
  const std::string page = page_of(made_up_night());
  EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
  EXPECT_FALSE(std::regex_search(page, std::regex("https?:|<link|<img|@import|url\\(| on[a-z]+=")));
}

TEST(ReportPage, AnswersInOrder) {
  const std::string page = page_of(with_text("x"));
  std::size_t at = 0;
  for (const char* section : {"This night is incomplete.", "What to do", "What changed",
                              "Where the time went", "Who was not listed", "12 nights"}) {
    const std::size_t found = page.find(section, at);
    ASSERT_NE(found, page.npos) << section;
    at = found;
  }
  EXPECT_THAT(page, HasSubstr("<b>1,992 <small>of 2,000 are up to date"));
  EXPECT_THAT(page, HasSubstr("usually 2,500, 28 % free"));
  EXPECT_THAT(page, HasSubstr("8 more: <code>SELECT * FROM new_repos</code>"));
}

TEST(ReportPage, NamesTheNightWhoseChangesItShows) {
  NightReport report = made_up_night();
  report.night.status = "failed";
  report.finished = made_up_run(11);
  EXPECT_THAT(page_of(report),
              HasSubstr("What changed on 11 November 2026, the last finished night"));
  report.finished.reset();
  EXPECT_THAT(page_of(report), HasSubstr("No night has finished yet."));
}

TEST(ReportPage, StaysBelow150KilobytesWithAYear) {
  NightReport report = with_text(std::string(5'000, '&'));
  report.nights.assign(366, made_up_run(12));
  for (std::size_t i = 0; i < report.nights.size(); ++i) {
    report.nights[i].totals.failed = i;
    report.nights[i].wall_ms = 1e6 + 1e5 * static_cast<double>(i % 7);
  }
  report.before.resize(10, made_up_run(3));
  for (ChangedRepos* list : {&report.gained, &report.added, &report.gone, &report.moved}) {
    list->some.resize(8, list->some.front());
  }
  report.not_listed.resize(8, report.not_listed.front());
  report.slowest.resize(10, report.slowest.front());
  EXPECT_LT(page_of(report).size(), 150'000U);
}

TEST(NightCharts, CutOutliers) {
  EXPECT_EQ(axis_end({}), 0);
  EXPECT_EQ(axis_end({1, 2, 3}), 3);
  const std::vector<double> values{10, 10, 10, 10, 10, 10, 10, 10, 10, 200};
  EXPECT_EQ(axis_end(values), 15);
  NightsChart chart{.id = "x",
                    .title = "X",
                    .words = "w",
                    .series = {{"fetching", "f", values}},
                    .days = std::vector<std::string>(10, "1 Nov"),
                    .unfinished = std::vector<bool>(10),
                    .show = [](double value) { return std::to_string(static_cast<int>(value)); }};
  EXPECT_THAT(nights_chart(chart), HasSubstr("class=\"cut\""));
  EXPECT_THAT(nights_chart(chart), HasSubstr(">200</text>"));
  chart.series[0].values.back() = 10;
  EXPECT_THAT(nights_chart(chart), Not(HasSubstr("class=\"cut\"")));
  EXPECT_THAT(nights_chart(chart), Not(HasSubstr("did not finish")));
  chart.unfinished[3] = true;
  EXPECT_THAT(nights_chart(chart), HasSubstr("did not finish"));
}

TEST(NightCharts, HaveAFewGridLinesAtRoundValues) {
  for (const double end : {1., 9., 42., 150., 999., 12'345., 3e6}) {
    for (const bool is_time : {false, true}) {
      const double step = grid_step(end, is_time);
      EXPECT_LT(end / step, 4) << end;
      EXPECT_GE(end / step, 1) << end;
    }
  }
  EXPECT_EQ(grid_step(45'000, true), 20'000);
  EXPECT_EQ(grid_step(200'000, true), 120'000);
}

}  // namespace
}  // namespace repopipe
