// Tables of the report page.
#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/text.h"
#include "pipeline/report/figures.h"
#include "pipeline/report/html.h"
#include "pipeline/report/page/night_words.h"
#include "pipeline/report/page/page.h"

namespace repopipe {
namespace {

std::string shown(std::string_view text, std::size_t most = 100) {
  return escape_html(shown_line(text, most));
}

std::string day_of(const std::string& iso8601) {
  const auto time = parse_iso8601(iso8601);
  return time ? show_day(*time) : std::string();
}

std::string rest_of(const ChangedRepos& repos, std::string_view sql) {
  const std::uint64_t rest = repos.count - std::min<std::uint64_t>(repos.count, repos.some.size());
  return fmt::format("<p class=\"more\">{}<code>{}</code></p>\n",
                     rest == 0 ? "" : show(rest) + " more: ", sql);
}

// `show` makes the cell on the right.
template <class Show>
std::string list_of(std::string_view title, const ChangedRepos& repos, std::string_view sql,
                    bool counts, Show right) {
  std::string html =
      fmt::format("<section><h3>{}{}</h3>\n", title,
                  counts ? fmt::format(" <small>{}</small>", show(repos.count)) : "");
  if (repos.some.empty()) return html + "<p class=\"soft\">None.</p></section>\n";
  html += "<ol class=\"repos\">\n";
  for (const ChangedRepo& repo : repos.some) {
    html += fmt::format("<li><span>{}</span>{}</li>\n", shown(repo.name), right(repo));
  }
  return html + "</ol>\n" + rest_of(repos, sql) + "</section>\n";
}

std::string stars_of(const ChangedRepo& repo) {
  return fmt::format("<span class=\"number\">\u2605 {}</span>",
                     show(static_cast<std::uint64_t>(std::max<std::int64_t>(repo.stars, 0))));
}

// The name of the owner is shown only if it differs.
std::string new_name(const ChangedRepo& repo) {
  const auto owner = repo.name.find('/');
  const bool same = owner != repo.name.npos && repo.now.starts_with(repo.name.substr(0, owner + 1));
  return fmt::format("<span class=\"new-name\">\u2192 {}</span>",
                     shown(same ? repo.now.substr(owner + 1) : repo.now));
}

}  // namespace

std::string changes_section(const NightReport& report) {
  std::string title = "What changed";
  const bool is_other = report.finished && report.finished->run_id != report.night.run_id;
  const auto day = report.finished ? parse_iso8601(report.finished->started_at) : std::nullopt;
  if (is_other && day) title += " on " + show_date(*day) + ", the last finished night";
  std::string html = fmt::format("<section class=\"part\"><h2>{}</h2>\n", title);
  if (!report.finished) return html + "<p>No night has finished yet.</p></section>\n";
  if (!report.has_names) {
    return html +
           "<p>The database has no names and stars of repositories, because of the job's "
           "transforms or provider.</p></section>\n";
  }
  const double most =
      report.gained.some.empty() ? 1 : static_cast<double>(report.gained.some.front().stars);
  const auto gain = [most](const ChangedRepo& repo) {
    return fmt::format(
        "<span class=\"number\">+{}</span><i class=\"bar\"><i style=\"width:{:.1f}%\"></i></i>",
        show(static_cast<std::uint64_t>(repo.stars)), 100 * static_cast<double>(repo.stars) / most);
  };
  html += "<div class=\"lists\">\n";
  html +=
      list_of("Stars gained in 7 days", report.gained, "SELECT * FROM star_gains_7d", false, gain);
  html += list_of("New", report.added, "SELECT * FROM new_repos", true, stars_of);
  html += list_of("Gone", report.gone, "SELECT * FROM vanished_repos", true, stars_of);
  html += list_of("Renamed or moved", report.moved, "SELECT * FROM renames", true, new_name);
  return html + "</div></section>\n";
}

std::string failed_requests_table(const NightReport& report) {
  if (report.failed_requests.empty()) return "<p class=\"soft\">None.</p>\n";
  std::string html = "<table class=\"plain failures\"><tbody>\n";
  for (const FailedRequests& kind : report.failed_requests) {
    std::string name = kind.outcome;
    std::ranges::replace(name, '_', ' ');
    const std::string status = kind.status == 0 ? "" : fmt::format("HTTP {}", kind.status);
    html += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td>{}</td></tr>\n", shown(name),
        show(kind.count), shown(kind.error.empty() ? status : kind.error, 120));
  }
  return html + "</tbody></table>\n";
}

namespace {

// The bar: the whole span, and the shares of the sums of its parts in it.
std::string bar_of(const SlowUser& user, double longest) {
  constexpr std::array kStyles{"queued", "fetching", "parsing", "storing"};
  double sum = 0;
  for (const double part : user.parts_ms) sum += part;
  std::string bar = "<td class=\"wide-bar\"><span class=\"bar\">";
  for (std::size_t i = 0; i < kStyles.size(); ++i) {
    const double width = 100 * user.span_ms / longest * user.parts_ms.at(i) / std::max(sum, 1e-9);
    if (width >= 0.05) {
      bar += fmt::format("<i class=\"{}\" style=\"width:{:.1f}%\"></i>", kStyles.at(i), width);
    }
  }
  return bar + "</span></td>";
}

}  // namespace

std::string slowest_table(const NightReport& report) {
  if (report.slowest.empty()) {
    return report.settled == 0 ? "<p class=\"soft\">No user was stored.</p>\n"
                               : "<p class=\"soft\">Its requests were removed, see "
                                 "store.keep_requests.</p>\n";
  }
  const double longest = std::max(report.slowest.front().span_ms, 1.0);
  std::string html =
      "<table class=\"plain slow\"><thead><tr><th scope=\"col\">User</th>"
      "<th scope=\"col\" class=\"wide-bar\"><span class=\"unseen\">Parts</span></th>"
      "<th scope=\"col\" class=\"number\">Time</th><th scope=\"col\" class=\"number\">Repos</th>"
      "<th scope=\"col\" class=\"number\">Requests</th></tr></thead><tbody>\n";
  for (const SlowUser& user : report.slowest) {
    html += fmt::format(
        "<tr><th scope=\"row\">{}</th>{}<td class=\"number\">{}</td><td class=\"number\">{}</td>"
        "<td class=\"number\">{}</td></tr>\n",
        shown(user.login), bar_of(user, longest), show_brief(user.span_ms), show(user.repos),
        show(user.requests));
  }
  return html +
         "</tbody></table>\n<ul class=\"legend\"><li><span class=\"queued\"></span>queued</li>"
         "<li><span class=\"fetching\"></span>fetch</li><li><span "
         "class=\"parsing\"></span>parse</li>"
         "<li><span class=\"storing\"></span>store</li></ul>\n";
}

std::string not_listed_section(const NightReport& report) {
  std::string html = "<section class=\"part\"><h2>Who was not listed</h2>\n";
  if (report.not_listed.empty()) {
    return html + (report.night.is_finished()
                       ? "<p>Nobody: every user was listed.</p></section>\n"
                       : "<p>Nobody so far; who fails for good is known when a night "
                         "finishes.</p></section>\n");
  }
  html +=
      "<table class=\"who\"><thead><tr><th scope=\"col\">Outcome</th><th scope=\"col\">Cause</th>"
      "<th scope=\"col\" class=\"number\">Users</th><th scope=\"col\">Who</th>"
      "<th scope=\"col\" class=\"number\">Since</th></tr></thead><tbody>\n";
  for (const NotListed& group : report.not_listed) {
    std::string name = group.outcome, who;
    std::ranges::replace(name, '_', ' ');
    for (const std::string& login : group.users.some) {
      who += (who.empty() ? "<b>" : ", <b>") + shown(login) + "</b>";
    }
    const std::uint64_t rest = group.users.count - group.users.some.size();
    if (rest > 0) who += fmt::format(" and {} more", show(rest));
    html += fmt::format(
        "<tr><th scope=\"row\"><span class=\"dot {}\"></span>{}</th><td>{}</td>"
        "<td class=\"number\">{}</td><td>{}</td><td class=\"number\">{}</td></tr>\n",
        group.outcome == "not_found" || group.outcome == "blocked" ? group.outcome : "failed",
        shown(name), shown(group.cause, 200), show(group.users.count), who, day_of(group.since));
  }
  html += "</tbody></table>\n";
  const std::string more = report.more_not_listed == 0
                               ? "All of them: "
                               : show(report.more_not_listed) + " more with other causes; all: ";
  return html +
         fmt::format("<p class=\"more\">{}<code>SELECT * FROM failures</code></p></section>\n",
                     more);
}

}  // namespace repopipe
