#include "pipeline/compare/html_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "pipeline/base/units.h"
#include "pipeline/compare/compared_text.h"
#include "pipeline/compare/way.h"
#include "pipeline/report/html.h"

namespace repopipe {
namespace {

using Measures = std::vector<Measure>;

// Bars of one colour; the largest value has the width of the chart.
std::string plain_chart(std::string_view id, std::string_view title, const Measures& measures,
                        const std::function<double(const Measure&)>& value,
                        const std::function<std::string(const Measure&)>& text) {
  double most = 1e-9;
  for (const Measure& measure : measures) most = std::max(most, value(measure));
  std::vector<Bar> bars;
  for (const Measure& measure : measures) {
    bars.push_back({show(measure.trial), text(measure), {{"plain", value(measure) / most}}});
  }
  return fmt::format("<section><h2>{}</h2>\n{}</section>\n", title, svg_chart(id, title, bars));
}

std::string legend() {
  std::string list = "<ul class=\"legend\">";
  for (const WallPart& part : wall_parts()) {
    list += fmt::format("<li><span class=\"{0}\"></span>{0}</li>", part.name);
  }
  return list + "</ul>\n";
}

// Bars divided into the parts of the wall time.
std::string wall_chart(const Measures& measures) {
  const Duration longest = std::ranges::max(measures, {}, &Measure::wall).wall;
  std::vector<Bar> bars;
  for (const Measure& measure : measures) {
    const RunTimes& times = measure.cost.times;
    const double width = seconds(measure.wall) / std::max(seconds(longest), 1e-9);
    const double all = std::max(seconds(times.wall()), 1e-9);
    std::vector<BarPart> parts;
    for (const WallPart& part : wall_parts()) {
      parts.push_back({part.name, width * seconds(times.*part.time) / all});
    }
    bars.push_back({show(measure.trial), show_seconds(measure.wall) + " s", std::move(parts)});
  }
  return "<section class=\"wide\"><h2>Parts of the wall time</h2>\n" +
         svg_chart("wall", "Parts of the wall time", bars) + legend() + "</section>\n";
}

std::string charts(const Measures& measures) {
  return wall_chart(measures) +
         plain_chart(
             "cpu", "CPU time", measures, [](const Measure& m) { return seconds(m.cpu); },
             [](const Measure& m) { return show_seconds(m.cpu) + " s"; }) +
         plain_chart(
             "memory", "Peak memory", measures,
             [](const Measure& m) { return megabytes(m.memory); },
             [](const Measure& m) { return show_megabytes(m.memory) + " MB"; }) +
         plain_chart(
             "flight", "Average number of requests in flight", measures,
             [](const Measure& m) { return m.cost.in_flight; },
             [](const Measure& m) { return show_in_flight(m.cost.in_flight); });
}

std::string table_row(const Measure& measure) {
  std::string row = fmt::format(
      "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>",
      name_of(measure.trial.way), measure.trial.setting.concurrency, show_seconds(measure.wall),
      show_seconds(measure.cpu), show_megabytes(measure.memory),
      show_in_flight(measure.cost.in_flight));
  for (const int share : percents(measure.cost.times)) row += fmt::format("<td>{}</td>", share);
  return row + "</tr>\n";
}

std::string table(const Measures& measures) {
  std::string html =
      "<section class=\"wide\"><h2>All figures</h2>\n"
      "<div class=\"scroll\" role=\"region\" aria-label=\"All figures\" tabindex=\"0\"><table>\n"
      "<thead><tr>";
  for (const char* head : {"way", "at a time", "wall s", "CPU s", "memory MB", "in flight"}) {
    html += fmt::format("<th scope=\"col\">{}</th>", head);
  }
  for (const WallPart& part : wall_parts()) {
    html += fmt::format("<th scope=\"col\">{} %</th>", part.name);
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const Measure& measure : measures) html += table_row(measure);
  return html + "</tbody></table></div></section>\n";
}

std::string meanings(const Measures& measures) {
  std::string list = "<dl>";
  for (const WayEntry& entry : ways()) {
    const bool is_there = std::ranges::any_of(
        measures, [&](const Measure& measure) { return measure.trial.way == entry.way; });
    if (is_there) list += fmt::format("<dt>{}</dt><dd>{}</dd>", entry.name, entry.meaning);
  }
  return list + "</dl>\n";
}

std::string verdict_of(const Compared& compared) {
  if (compared.differences.empty()) {
    return fmt::format("<p class=\"verdict\">{}</p>\n", escape_html(recommendation(compared)));
  }
  std::string list = "<div class=\"verdict bad\"><p>The databases are not equal:</p><ul>";
  for (const std::string& line : compared.differences) {
    list += fmt::format("<li>{}</li>", escape_html(line));
  }
  return list + "</ul></div>\n";
}

std::string what_was_run(const Compared& compared) {
  const RunCost& cost = compared.measures.front().cost;
  return fmt::format(
      "<p>{} users, {} repositories, {} requests, run in each way, with a database for "
      "each run{}.</p>\n",
      show(cost.users), show(cost.repositories), show(cost.requests),
      compared.differences.empty() ? "; all databases are equal" : "");
}

}  // namespace

std::string to_html(const Compared& compared) {
  const std::string footer = fmt::format("<footer>repopipe {}, {}.</footer>\n",
                                         escape_html(compared.version), conditions_of(compared));
  const std::string title = compared.job + ": ways to run it";
  return html_document(title, kHtmlStyle,
                       "<h1>" + escape_html(title) + "</h1>\n" + what_was_run(compared) +
                           verdict_of(compared) + "<div class=\"charts\">\n" +
                           charts(compared.measures) + table(compared.measures) + "</div>\n" +
                           meanings(compared.measures) + footer);
}

}  // namespace repopipe
