// What a run changed: stars, new, gone, and renamed or moved repositories.
#include "storage/query/night_parts.h"

namespace repopipe {
namespace {

constexpr std::size_t kRows = 8;

// A transform may have removed columns, and providers have columns of their own.
constexpr std::string_view kHasNames = R"sql(
SELECT count(*) = 2 FROM pragma_table_info('repos')
WHERE name IN ('full_name', 'stargazers_count'))sql";

// As the view star_gains_7d, but only for repositories with a change within the 7 days, which needs
// one pass over their intervals.  ?1: start of the run; ?2: its end.
constexpr std::string_view kGained = R"sql(
WITH week (since) AS (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', ?1, '-7 days')),
gains AS (
  SELECT c.repo_id, c.stargazers_count - coalesce(
    (SELECT s.stargazers_count FROM repo_stats s
     WHERE s.repo_id = c.repo_id AND s.valid_from <= week.since
     ORDER BY s.valid_from DESC LIMIT 1),
    (SELECT s.stargazers_count FROM repo_stats s
     WHERE s.repo_id = c.repo_id ORDER BY s.valid_from LIMIT 1)) AS gain
  FROM week CROSS JOIN repo_stats c
  WHERE c.valid_from > week.since AND c.valid_from <= ?2
    AND (c.valid_to IS NULL OR c.valid_to > ?2)
  ORDER BY 2 DESC, 1 LIMIT ?3)
SELECT r.full_name, '', g.gain FROM gains g JOIN repos r ON r.id = g.repo_id
WHERE g.gain > 0 ORDER BY g.gain DESC, r.full_name)sql";

constexpr std::string_view kAdded = R"sql(
SELECT full_name, '', stargazers_count FROM repos WHERE first_seen_run = ?1
ORDER BY stargazers_count DESC, full_name LIMIT ?2)sql";

constexpr std::string_view kCountAdded = "SELECT count(*) FROM repos WHERE first_seen_run = ?1";

constexpr std::string_view kGoneRepos = R"sql(
SELECT r.full_name, '', r.stargazers_count, count(*) OVER ()
FROM repo_changes c JOIN repos r ON r.id = c.repo_id
WHERE c.run_id = ?1 AND c.field = 'gone_since' AND c.new_value IS NOT NULL
ORDER BY r.stargazers_count DESC, r.full_name LIMIT ?2)sql";

constexpr std::string_view kMoved = R"sql(
SELECT c.old_value, c.new_value, r.stargazers_count, count(*) OVER ()
FROM repo_changes c JOIN repos r ON r.id = c.repo_id
WHERE c.run_id = ?1 AND c.field = 'full_name'
ORDER BY r.stargazers_count DESC, c.old_value LIMIT ?2)sql";

auto into(ChangedRepos& repos) {
  return [&repos](const Statement& row) {
    repos.some.push_back({std::string(row.text(0)), std::string(row.text(1)), row.integer(2)});
    if (row.columns() > 3) repos.count = count_in(row, 3);
  };
}

}  // namespace

Status read_changes(Database& database, NightReport& report) {
  const auto has_names = database.integer(kHasNames);
  if (!has_names) return fail(has_names.error());
  report.has_names = *has_names == 1;
  if (!report.has_names || !report.finished) return {};
  const std::int64_t run_id = report.finished->run_id;
  Status done = each_row(database, kGained, into(report.gained),
                         std::string_view(report.finished->started_at),
                         std::string_view(report.finished->finished_at), kRows);
  if (done) done = each_row(database, kAdded, into(report.added), run_id, kRows);
  if (done) done = each_row(database, kGoneRepos, into(report.gone), run_id, kRows);
  if (done) done = each_row(database, kMoved, into(report.moved), run_id, kRows);
  if (!done) return done;
  const auto added = number_of(database, kCountAdded, run_id);
  if (!added) return fail(added.error());
  report.added.count = static_cast<std::uint64_t>(added->value_or(0));
  report.gained.count = report.gained.some.size();
  return {};
}

}  // namespace repopipe
