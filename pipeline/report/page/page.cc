#include "pipeline/report/page/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "pipeline/base/secrets.h"
#include "pipeline/base/system.h"
#include "pipeline/base/text.h"
#include "pipeline/report/figures.h"
#include "pipeline/report/html.h"
#include "pipeline/report/page/night_charts.h"
#include "pipeline/report/page/page_style.h"

namespace repopipe {
namespace {

std::string shown_in_html(std::string_view text, std::size_t most = 400) {
  return escape_html(shown_line(text, most));
}

std::string_view style_of(Mood mood) {
  switch (mood) {
    case Mood::good:
      return "good";
    case Mood::look:
      return "look";
    case Mood::bad:
      return "bad";
  }
  return "";
}

std::string title_of(const RunRecord& night) {
  const auto begun = parse_iso8601(night.started_at);
  return begun ? "Night of " + show_date(*begun) : fmt::format("Run {}", night.run_id);
}

std::string head_of(const NightReport& report, const NightVerdict& verdict) {
  const RunRecord& night = report.night;
  const std::string shard = night.shard.empty() ? "" : ", shard " + shown_in_html(night.shard);
  return fmt::format(
      "<header><div><p class=\"job\">{}{}</p><h1>{}</h1></div>"
      "<span class=\"status\"><span class=\"dot {}\"></span>{}</span></header>\n"
      "<p class=\"verdict {}\"><b>{}</b> {}</p>\n",
      shown_in_html(night.job), shard, title_of(night), style_of(verdict.mood),
      shown_in_html(night.status), style_of(verdict.mood), shown_in_html(verdict.head),
      shown_in_html(verdict.text, 600));
}

std::string usually(const Usual& usual, const std::string& value) {
  return usual.nights == 0 ? "" : fmt::format("<p>usually {}</p>", value);
}

std::string rounded(double count) {
  return show(static_cast<std::uint64_t>(std::llround(std::max(count, 0.0))));
}

struct OutcomeCount {
  std::string_view style;
  std::string_view name;
  std::uint64_t RunTotals::*count;
};

constexpr std::array kOutcomes{OutcomeCount{"ok", "changed or new", &RunTotals::ok},
                               OutcomeCount{"unchanged", "unchanged", &RunTotals::unchanged},
                               OutcomeCount{"renamed", "renamed", &RunTotals::renamed},
                               OutcomeCount{"not_found", "not found", &RunTotals::not_found},
                               OutcomeCount{"blocked", "blocked", &RunTotals::blocked},
                               OutcomeCount{"failed", "failed", &RunTotals::failed}};

std::string users_tile(const NightReport& report, const Usual& usual) {
  const RunTotals& totals = report.night.totals;
  const std::uint64_t users = totals.users();
  const bool is_over = report.night.is_finished() || usual.users == 0;
  std::string bar, legend;
  for (const OutcomeCount& outcome : kOutcomes) {
    const std::uint64_t count = totals.*outcome.count;
    if (count == 0) continue;
    bar += fmt::format("<i class=\"{}\" style=\"width:{:.2f}%\"></i>", outcome.style,
                       100.0 * static_cast<double>(count) / static_cast<double>(users));
    legend += fmt::format("<li><span class=\"{}\"></span>{} {}</li>", outcome.style, show(count),
                          outcome.name);
  }
  return fmt::format(
      "<div class=\"tile\">Users<b>{} <small>of {}{} are up to date</small></b>"
      "<span class=\"bar\">{}</span><ul class=\"legend\">{}</ul>{}</div>\n",
      show(users - report.night.not_listed()), is_over ? "" : "about ",
      is_over ? show(users) : rounded(usual.users), bar, legend,
      usually(usual, rounded(usual.not_listed) + " not listed"));
}

std::uint64_t failed_requests(const NightReport& report) {
  std::uint64_t count = 0;
  for (const FailedRequests& kind : report.failed_requests) count += kind.count;
  return count;
}

std::string tiles_of(const NightReport& report, const Usual& usual) {
  const RunRecord& night = report.night;
  const RunTotals& totals = night.totals;
  const std::string repositories = fmt::format(
      "<div class=\"tile\">Repositories<b>{}</b><p>+{} new, \u2212{} gone, {} "
      "changed</p>{}</div>\n",
      show(report.repositories), show(totals.repos_new), show(totals.repos_gone),
      show(totals.repos_changed),
      usually(usual, fmt::format("+{}, \u2212{}, {}", rounded(usual.added), rounded(usual.gone),
                                 rounded(usual.changed))));
  const std::string requests = fmt::format(
      "<div class=\"tile\">Requests<b>{}</b><p>{} free (not modified), {}; {} failed</p>{}</div>\n",
      show(totals.requests), show(totals.not_modified),
      escape_html(show_share(totals.not_modified, totals.requests)), show(failed_requests(report)),
      usually(usual,
              fmt::format("{}, {:.0f} % free", rounded(usual.requests), 100 * usual.free_share)));
  const std::string time =
      fmt::format("<div class=\"tile\">Time<b>{}</b><p>{} received</p>{}</div>\n",
                  show_brief(night.wall_ms), show(Bytes{totals.bytes}),
                  usually(usual, show_brief(usual.wall_ms) + ", " +
                                     show(Bytes{static_cast<std::uint64_t>(usual.bytes)})));
  return "<div class=\"tiles\">\n" + users_tile(report, usual) + repositories + requests + time +
         "</div>\n";
}

std::string item_of(const Advice& advice) {
  std::string item = fmt::format("<li><b>{}</b> {}", shown_in_html(advice.head),
                                 shown_in_html(advice.before, 600));
  for (std::size_t i = 0; i < advice.names.size(); ++i) {
    item += (i == 0 ? "<b>" : ", <b>") + shown_in_html(advice.names[i], 100) + "</b>";
  }
  if (advice.more > 0) item += fmt::format(" and {} more", show(advice.more));
  if (!advice.names.empty()) item += ".";
  return item + (advice.after.empty() ? "" : " " + shown_in_html(advice.after)) + "</li>\n";
}

std::string todo_section(const NightReport& report, WallTime now) {
  std::string html = "<section class=\"part\"><h2>What to do</h2>\n";
  const auto all = advice_of(report, now);
  if (all.empty()) {
    html += "<p>Nothing.</p>\n";
  } else {
    html += "<ol class=\"todo\">\n";
    for (const Advice& advice : all) html += item_of(advice);
    html += "</ol>\n";
  }
  if (report.smaller_pages > 0) {
    html += fmt::format(
        "<p class=\"soft\">Good to know: {} read in smaller pages than the job asks for, because a "
        "page failed at full size; that costs more requests each night.</p>\n",
        report.smaller_pages == 1 ? "1 user is" : show(report.smaller_pages) + " users are");
  }
  return html + "</section>\n";
}

std::vector<BarPart> parts_of(const std::array<double, kParts>& parts, double longest) {
  std::vector<BarPart> bars;
  for (std::size_t i = 0; i < kParts; ++i) {
    bars.push_back({part_words().at(i).name, parts.at(i) / longest});
  }
  return bars;
}

std::string time_legend(const NightReport& report, const Usual& usual) {
  std::string list = "<ul class=\"legend\">";
  for (std::size_t i = 0; i < kParts; ++i) {
    const double now = report.night.parts_ms.at(i), before = usual.parts_ms.at(i);
    if (now < 0.5 && before < 0.5) continue;
    const PartWords& part = part_words().at(i);
    list += fmt::format("<li><span class=\"{0}\"></span>{0}, {1}: {2}{3}</li>", part.name,
                        part.meaning, show_brief(now),
                        usual.nights == 0 ? "" : fmt::format(" (usually {})", show_brief(before)));
  }
  std::string waits;
  for (const WaitedFor& wait : report.waits) {
    waits += fmt::format("{}{} {} ({})", waits.empty() ? "It waited for " : ", for ",
                         shown_in_html(words_of_wait(wait.cause)), show_brief(wait.ms),
                         counted(wait.times, "time", "times"));
  }
  return list + "</ul>\n" + (waits.empty() ? "" : "<p class=\"more\">" + waits + ".</p>\n");
}

std::string time_section(const NightReport& report, const Usual& usual) {
  const TimeWords words = time_words(report, usual);
  const double longest = std::max({report.night.wall_ms, usual.wall_ms, 1.0});
  std::vector<Bar> bars{
      {"this night", show_brief(report.night.wall_ms), parts_of(report.night.parts_ms, longest)}};
  if (usual.nights > 0) {
    bars.push_back({"usually", show_brief(usual.wall_ms), parts_of(usual.parts_ms, longest)});
  }
  return fmt::format(
      "<section class=\"part\"><h2>Where the time went</h2>\n<p><b>{}</b>{}</p>\n{}{}"
      "<div class=\"two\"><div><h3>How long responses took <small>at most</small></h3>\n{}"
      "<h3 class=\"next\">Requests that failed</h3>\n{}</div><div><h3>Slowest users "
      "<small>from the first request until stored</small></h3>\n{}</div></div></section>\n",
      shown_in_html(words.head),
      (words.text.starts_with(' ') ? "" : " ") + shown_in_html(words.text, 600),
      svg_chart("time", "Parts of the time", bars), time_legend(report, usual),
      latency_chart(report.latencies, usual), failed_requests_table(report), slowest_table(report));
}

std::string foot_of(const NightReport& report, const Usual& usual, std::string_view version) {
  const RunRecord& night = report.night;
  const auto begun = parse_iso8601(night.started_at), ended = parse_iso8601(night.finished_at);
  std::string text = fmt::format("Run {}, repopipe {}", night.run_id, version);
  if (begun) {
    text += fmt::format(", {} {}", show_date(*begun), show_time_of_day(*begun));
    if (ended) text += " to " + show_time_of_day(*ended);
    text += " " + show_zone(*begun);
  }
  if (usual.nights > 0) {
    text += fmt::format(". \u201cUsually\u201d is the median of the {} before",
                        usual.nights == 1 ? "finished night"
                                          : show(std::uint64_t{usual.nights}) + " finished nights");
  }
  return fmt::format("<footer>{}. Ask for more: <code>sqlite3 -readonly {}</code></footer>\n",
                     shown_in_html(text), shown_in_html(report.database.filename().string()));
}

}  // namespace

std::string to_html(const NightReport& report, std::string_view version, WallTime now) {
  const Usual usual = usual_of(report);
  const NightVerdict verdict = verdict_of(report, usual);
  return html_document(title_of(report.night) + ": " + shown_line(report.night.job), kPageStyle,
                       head_of(report, verdict) + tiles_of(report, usual) +
                           todo_section(report, now) + changes_section(report) +
                           time_section(report, usual) + not_listed_section(report) +
                           nights_section(report) + foot_of(report, usual, version));
}

Status write_page(const std::filesystem::path& database, const NightChoice& choice,
                  const std::filesystem::path& html, std::string_view version, WallTime now) {
  const auto report = night_report(database, choice);
  if (!report) return fail(report.error());
  return write_whole(html, without_secrets(to_html(*report, version, now)));
}

}  // namespace repopipe
