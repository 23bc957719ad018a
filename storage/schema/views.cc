#include "storage/schema/views.h"

#include <algorithm>

#include "storage/schema/resource_columns.h"

namespace repopipe {
namespace {

// The run begun last and, if it was one of a shard, the one begun last of every other shard of that
// job: shards that a merge has brought together share a night.  `%` is for a condition.
constexpr std::string_view kLatest = R"sql((
    SELECT id
    FROM (SELECT r.id, row_number() OVER (PARTITION BY r.shard ORDER BY r.begun DESC, r.id DESC) AS n
          FROM (SELECT id, job, shard FROM runs % ORDER BY {begun} DESC, id DESC LIMIT 1) l
          CROSS JOIN (SELECT id, job, shard, {begun} AS begun FROM runs %) r
          WHERE r.id = l.id
             OR (r.job = l.job AND substr(r.shard, instr(r.shard, '/')) =
                                   substr(l.shard, instr(l.shard, '/'))))
    WHERE n = 1))sql";

// Numbers tell which run of one machine came later, even if its clock was set back; those of runs
// that a merge brought do not.
constexpr std::string_view kBegun =
    "iif(EXISTS (SELECT 1 FROM runs WHERE merged = 1), started_at, '')";

// A view as written here, where `{latest}` stands for the latest runs, `{finished}` for the latest
// ones that came to their end, and `{begun}` for what a later run has more of; `needs` names the
// provider's column it reads besides the fixed ones.
struct Definition {
  std::string_view name;
  std::string_view needs;
  std::string_view select;
};

constexpr Definition kLatestRun{"latest_run", "", R"sql(
SELECT r.*, (SELECT count(*) FROM run_users WHERE run_id = r.id) AS users_settled
FROM runs r
WHERE r.id IN {latest}
ORDER BY {begun} DESC, id DESC)sql"};

constexpr Definition kSlowestUsers{"slowest_users", "", R"sql(
WITH times AS (
  SELECT *, queued_ms + fetch_ms + parse_ms + store_ms AS total_ms,
         max(queued_ms, fetch_ms, parse_ms, store_ms) AS longest_ms
  FROM run_users
  WHERE run_id IN {latest})
SELECT login, outcome, total_ms,
       CASE longest_ms WHEN fetch_ms THEN 'fetch' WHEN queued_ms THEN 'queued'
                       WHEN parse_ms THEN 'parse' ELSE 'store' END AS mostly,
       queued_ms, fetch_ms, parse_ms, store_ms, repos, pages, requests, attempts, bytes
FROM times
ORDER BY total_ms DESC, login)sql"};

constexpr Definition kTimeByStage{"time_by_stage", "", R"sql(
WITH stages (stage, measure) AS (VALUES
  ('starting', 'wall'), ('fetching', 'wall'), ('processing', 'wall'), ('waiting', 'wall'),
  ('finishing', 'wall'), ('fetch', 'busy'), ('parse', 'busy'), ('store', 'busy'), ('plan', 'busy')),
times AS (
  SELECT r.id AS run_id, s.stage, s.measure, r.wall_ms,
         CASE s.stage WHEN 'starting' THEN r.starting_ms WHEN 'fetching' THEN r.fetching_ms
                      WHEN 'processing' THEN r.processing_ms WHEN 'waiting' THEN r.waiting_ms
                      WHEN 'finishing' THEN r.finishing_ms WHEN 'fetch' THEN r.fetch_busy_ms
                      WHEN 'parse' THEN r.parse_busy_ms WHEN 'store' THEN r.store_busy_ms
                      ELSE r.plan_busy_ms END AS ms
  FROM runs r CROSS JOIN stages s)
SELECT run_id, measure, stage, ms, round(100.0 * ms / nullif(wall_ms, 0), 1) AS percent
FROM times)sql"};

constexpr Definition kFailures{"failures", "", R"sql(
SELECT login, outcome, error, requests, attempts, settled_at
FROM run_users
WHERE run_id IN {latest} AND outcome IN ('not_found', 'blocked', 'failed')
ORDER BY login)sql"};

// From the value 7 days before the latest run began, or the first one known if that is later.
constexpr Definition kStarGains{"star_gains_7d", "stargazers_count", R"sql(
WITH week (since) AS (
  SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-7 days')
  FROM runs ORDER BY {begun} DESC, id DESC LIMIT 1)
SELECT r.id AS repo_id, r.full_name, s.stargazers_count AS stars_then,
       r.stargazers_count AS stars_now, r.stargazers_count - s.stargazers_count AS gain,
       max(s.valid_from, week.since) AS since
FROM week CROSS JOIN repos r JOIN repo_stats s
  ON s.repo_id = r.id AND s.valid_from = coalesce(
    (SELECT max(valid_from) FROM repo_stats WHERE repo_id = r.id AND valid_from <= week.since),
    (SELECT min(valid_from) FROM repo_stats WHERE repo_id = r.id))
WHERE r.gone_since IS NULL AND r.stargazers_count > s.stargazers_count
ORDER BY gain DESC, r.full_name)sql"};

constexpr Definition kNewRepos{"new_repos", "full_name", R"sql(
SELECT r.id AS repo_id, r.full_name, u.login AS owner, r.first_seen_at, r.first_seen_run AS run_id
FROM repos r JOIN users u ON u.id = r.owner_id
WHERE r.first_seen_run IN {finished}
ORDER BY r.full_name)sql"};

constexpr Definition kVanishedRepos{"vanished_repos", "full_name", R"sql(
SELECT r.id AS repo_id, r.full_name, u.login AS owner, c.new_value AS gone_since, r.last_seen_at,
       c.run_id
FROM repo_changes c JOIN repos r ON r.id = c.repo_id JOIN users u ON u.id = r.owner_id
WHERE c.run_id IN {finished} AND c.field = 'gone_since' AND c.new_value IS NOT NULL
  AND r.gone_since IS NOT NULL
ORDER BY r.full_name)sql"};

// A new name changes full_name too: then that row tells both.
constexpr Definition kRenames{"renames", "full_name", R"sql(
SELECT c.repo_id, c.changed_at, c.field, c.old_value AS renamed_from, c.new_value AS renamed_to,
       c.run_id
FROM repo_changes c
WHERE c.field = 'full_name' OR (c.field = 'name' AND NOT EXISTS (
  SELECT 1 FROM repo_changes f
  WHERE f.run_id = c.run_id AND f.repo_id = c.repo_id AND f.field = 'full_name'))
ORDER BY c.changed_at DESC, c.repo_id)sql"};

constexpr Definition kRenamedUsers{"renamed_users", "", R"sql(
SELECT n.user_id, n.changed_at, n.old_login AS renamed_from, n.new_login AS renamed_to,
       u.login AS login_now, n.run_id
FROM user_renames n JOIN users u ON u.id = n.user_id
ORDER BY n.changed_at DESC, n.user_id)sql"};

constexpr Definition kLostUsers{"lost_users", "", R"sql(
SELECT login, gone_since, last_seen_at, id AS user_id
FROM users
WHERE gone_since IS NOT NULL
ORDER BY gone_since DESC, login)sql"};

constexpr const Definition* kDefinitions[] = {
    &kLatestRun, &kSlowestUsers,  &kTimeByStage, &kFailures,     &kStarGains,
    &kNewRepos,  &kVanishedRepos, &kRenames,     &kRenamedUsers, &kLostUsers};

bool has_column(Fields fields, std::string_view column) {
  return column.empty() || std::ranges::any_of(fields, [column](const Field& field) {
           return field.column == column;
         });
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string select_of(const Definition& view) {
  const std::string latest = replaced(std::string(kLatest), " %", "");
  const std::string finished =
      replaced(std::string(kLatest), "%", "WHERE status IN ('complete', 'incomplete')");
  const std::string whole =
      replaced(replaced(std::string(view.select), "{latest}", latest), "{finished}", finished);
  return replaced(whole, "{begun}", kBegun);
}

}  // namespace

std::vector<View> views(Fields fields) {
  std::vector<View> all;
  for (const Definition* view : kDefinitions) {
    if (!has_column(fields, view->needs)) continue;
    all.push_back(
        {view->name, "CREATE VIEW " + std::string(view->name) + " AS" + select_of(*view)});
  }
  all.push_back({"repos_as_of", repos_as_of_sql(fields)});
  return all;
}

namespace {

// One row per day from the first run to the last; `until` is the day after, which as text sorts
// before every moment of that day and after every moment of `day`.
constexpr const char* kCalendar = R"sql(
WITH RECURSIVE calendar (day, until) AS (
  SELECT date(min(started_at)), date(min(started_at), '+1 day') FROM runs
  UNION ALL
  SELECT until, date(until, '+1 day') FROM calendar
  WHERE until <= (SELECT date(max(coalesce(finished_at, started_at))) FROM runs)))sql";

// The statistics' interval that covers the end of the day says that the repository was there.
// CROSS JOIN keeps this order: the one day asked for, then every repository, then its interval.
constexpr const char* kPresent = R"sql(
FROM calendar d CROSS JOIN repos r CROSS JOIN repo_stats s
WHERE s.repo_id = r.id AND s.valid_from < d.until AND (s.valid_to IS NULL OR s.valid_to >= d.until))sql";

// What the first later change replaced, or else today's value.  An empty blob stands for NULL on
// the way; no column holds one.
std::string attribute_sql(const Field& field) {
  const std::string column = quoted(field.column);
  return "CASE WHEN r.last_changed_at >= d.until THEN nullif(coalesce((SELECT ifnull(c.old_value, "
         "x'') FROM repo_changes c WHERE c.repo_id = r.id AND c.field = '" +
         std::string(field.column) +
         "' AND c.changed_at >= d.until ORDER BY c.changed_at LIMIT 1), r." + column +
         "), x'') ELSE r." + column + " END AS " + column;
}

std::string statistic_sql(const Field& field) {
  return "s." + quoted(field.column);
}

}  // namespace

std::string repos_as_of_sql(Fields fields) {
  const ResourceColumns columns(fields);
  std::string sql = "CREATE VIEW repos_as_of AS";
  sql.append(kCalendar).append("\nSELECT d.day, r.id,\n  ");
  sql += joined(
      fields, columns.kept,
      [](const Field& field) {
        return field.role == Role::statistic ? statistic_sql(field) : attribute_sql(field);
      },
      ",\n  ");
  return sql + kPresent;
}

}  // namespace repopipe
