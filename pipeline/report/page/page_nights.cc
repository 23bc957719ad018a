// The charts of the last nights on the report page.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pipeline/report/figures.h"
#include "pipeline/report/html.h"
#include "pipeline/report/page/night_charts.h"
#include "pipeline/report/page/page.h"

namespace repopipe {
namespace {

std::vector<double> values_of(const NightReport& report,
                              const std::function<double(const RunRecord&)>& value) {
  std::vector<double> values;
  for (const RunRecord& run : report.nights) values.push_back(value(run));
  return values;
}

std::vector<double> counts_of(const NightReport& report, std::uint64_t RunTotals::*member) {
  return values_of(report,
                   [=](const RunRecord& run) { return static_cast<double>(run.totals.*member); });
}

std::string show_count(double count) {
  return show(static_cast<std::uint64_t>(std::llround(count)));
}

NightsChart chart_of(const NightReport& report, std::string id, std::string title) {
  NightsChart chart{.id = std::move(id),
                    .title = std::move(title),
                    .words = {},
                    .series = {},
                    .days = {},
                    .unfinished = {},
                    .show = show_count};
  for (const RunRecord& run : report.nights) {
    const auto time = parse_iso8601(run.started_at);
    chart.days.push_back(time ? show_day(*time) : std::to_string(run.run_id));
    chart.unfinished.push_back(!run.is_finished());
  }
  return chart;
}

// "The last night: 21 s; from 7.4 s to 3 min 14 s.".
void describe(NightsChart& chart) {
  std::vector<double> sums(chart.days.size());
  for (const Series& series : chart.series) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += series.values[i];
  }
  const auto [least, most] = std::ranges::minmax(sums);
  chart.words = fmt::format("Last night: {}; least {}, most {}. The table below has the figures.",
                            chart.show(sums.back()), chart.show(least), chart.show(most));
}

std::string figure(std::string_view note, NightsChart chart) {
  describe(chart);
  return fmt::format("<section><h3>{} <small>{}</small></h3>\n{}</section>\n", chart.title, note,
                     nights_chart(chart));
}

NightsChart duration_chart(const NightReport& report) {
  NightsChart chart = chart_of(report, "duration", "Duration");
  for (std::size_t i = 0; i < kParts; ++i) {
    const std::string name(part_words().at(i).name);
    chart.series.push_back(
        {name, name, values_of(report, [i](const RunRecord& run) { return run.parts_ms.at(i); })});
  }
  chart.show = [](double ms) { return show_brief(ms); };
  chart.is_time = true;
  return chart;
}

NightsChart requests_chart(const NightReport& report) {
  NightsChart chart = chart_of(report, "requests", "Requests");
  chart.series = {
      {"fetching", "others",
       values_of(report,
                 [](const RunRecord& run) {
                   return static_cast<double>(run.totals.requests - run.totals.not_modified);
                 })},
      {"free", "free (not modified)", counts_of(report, &RunTotals::not_modified)}};
  return chart;
}

NightsChart users_chart(const NightReport& report) {
  NightsChart chart = chart_of(report, "unlisted", "Users that were not listed");
  chart.series = {{"failed", "failed", counts_of(report, &RunTotals::failed)},
                  {"blocked", "blocked", counts_of(report, &RunTotals::blocked)},
                  {"not_found", "not found", counts_of(report, &RunTotals::not_found)}};
  return chart;
}

NightsChart repos_chart(const NightReport& report) {
  NightsChart chart = chart_of(report, "repos", "Repositories");
  // In the first night all are new.
  const auto added = values_of(report, [&report](const RunRecord& run) {
    const bool is_first = run.ordinal == report.nights.front().ordinal && run.ordinal == 1;
    return is_first ? 0.0 : static_cast<double>(run.totals.repos_new);
  });
  chart.series = {{"added", "new", added},
                  {"lost", "gone", counts_of(report, &RunTotals::repos_gone), true}};
  return chart;
}

std::string figures_of(const NightReport& report) {
  constexpr std::size_t kMostRows = 31;
  std::string html =
      "<details><summary>Figures</summary><div class=\"scroll\"><table class=\"plain\"><thead><tr>";
  for (const char* head :
       {"Night", "Status", "Time", "Requests", "Free", "Not listed", "New", "Gone"}) {
    html += fmt::format("<th scope=\"col\">{}</th>", head);
  }
  html += "</tr></thead><tbody>\n";
  const std::size_t count = report.nights.size();
  for (std::size_t i = count - std::min(count, kMostRows); i < count; ++i) {
    const RunRecord& run = report.nights[i];
    const auto time = parse_iso8601(run.started_at);
    html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td>", time ? show_day(*time) : "",
                        escape_html(run.status));
    for (const std::string& cell :
         {show_brief(run.wall_ms), show(run.totals.requests), show(run.totals.not_modified),
          show(run.not_listed()), show(run.totals.repos_new), show(run.totals.repos_gone)}) {
      html += fmt::format("<td class=\"number\">{}</td>", escape_html(cell));
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div></details>\n";
}

}  // namespace

std::string nights_section(const NightReport& report) {
  if (report.nights.size() < 2) return {};
  return fmt::format("<section class=\"part\"><h2>{} nights</h2>\n<div class=\"charts\">\n",
                     report.nights.size()) +
         figure("and what it went to", duration_chart(report)) +
         figure("and how many of them were free", requests_chart(report)) +
         figure("by outcome", users_chart(report)) + figure("new and gone", repos_chart(report)) +
         "</div>\n" + figures_of(report) + "</section>\n";
}

}  // namespace repopipe
