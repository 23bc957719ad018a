#include <algorithm>

#include "storage/schema/resource_columns.h"
#include "storage/schema/tables.h"

namespace repopipe {
namespace {

// A view as written here.  `needs`: the column of the provider that it reads.
struct Definition {
  std::string_view name;
  std::string_view needs;
  std::string_view select;
};

// `%` is replaced by a condition.
constexpr std::string_view kLatestRuns = R"sql(
WITH ranked AS (
  SELECT id, job, shard, substr(shard, instr(shard, '/')) AS shards, ordinal,
         row_number() OVER (PARTITION BY job, shard ORDER BY ordinal DESC, id DESC) AS place
  FROM runs%)
SELECT r.id AS run_id, r.shard
FROM (SELECT job, shards FROM ranked ORDER BY ordinal DESC, id DESC LIMIT 1) last
JOIN ranked r ON r.job = last.job AND r.shards IS last.shards
WHERE r.place = 1)sql";

constexpr Definition kLatestRun{"latest_run", "", R"sql(
SELECT r.*, (SELECT count(*) FROM run_users WHERE run_id = r.id) AS users_settled
FROM runs r
WHERE r.id IN (SELECT run_id FROM current_runs)
ORDER BY r.ordinal DESC, r.id DESC)sql"};

// A user is listed in one part of a run: requests of an earlier part do not count.
constexpr Definition kSlowestUsers{"slowest_users", "", R"sql(
WITH times AS (
  SELECT *, queued_ms + fetch_ms + parse_ms + store_ms AS total_ms,
         max(queued_ms, fetch_ms, parse_ms, store_ms) AS longest_ms,
         (SELECT max(started_at) FROM run_parts p
          WHERE p.run_id = u.run_id AND part > 1 AND started_at <= settled_at) AS resumed_at
  FROM run_users u WHERE run_id IN (SELECT run_id FROM current_runs))
SELECT login, outcome, total_ms,
       CASE longest_ms WHEN fetch_ms THEN 'fetch' WHEN queued_ms THEN 'queued'
                       WHEN parse_ms THEN 'parse' ELSE 'store' END AS mostly,
       queued_ms, fetch_ms, parse_ms, store_ms, repos, pages, requests, attempts, bytes,
       max(0, round(86400000 * (julianday(settled_at) - (
         SELECT julianday(min(started_at)) FROM requests q WHERE (run_id, login, resource) =
           (t.run_id, t.login, 1) AND started_at >= coalesce(resumed_at, ''))))) AS span_ms
FROM times t ORDER BY total_ms DESC, login)sql"};

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
FROM (SELECT run_id, login, outcome, error, requests, attempts, settled_at FROM run_users
      UNION ALL
      SELECT run_id, login, outcome, error, requests, attempts, settled_at FROM run_listings)
WHERE run_id IN (SELECT run_id FROM current_runs) AND outcome IN ('not_found', 'blocked', 'failed')
ORDER BY login)sql"};

// The gain since 7 days before the latest run began, or since the first known value if that is
// later.
constexpr Definition kStarGains{"star_gains_7d", "stargazers_count", R"sql(
WITH week (since) AS (
  SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-7 days')
  FROM runs ORDER BY ordinal DESC, id DESC LIMIT 1)
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
WHERE r.first_seen_run IN (SELECT run_id FROM finished_runs)
ORDER BY r.full_name)sql"};

constexpr Definition kVanishedRepos{"vanished_repos", "full_name", R"sql(
SELECT r.id AS repo_id, r.full_name, u.login AS owner, c.new_value AS gone_since, r.last_seen_at,
       c.run_id
FROM repo_changes c JOIN repos r ON r.id = c.repo_id JOIN users u ON u.id = r.owner_id
WHERE c.run_id IN (SELECT run_id FROM finished_runs) AND c.field = 'gone_since' AND c.new_value IS NOT NULL
  AND r.gone_since IS NOT NULL
ORDER BY r.full_name)sql"};

// A new name also changes full_name: then only the row of full_name is shown.
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

bool has_column(const std::vector<ResourceColumns>& resources, std::string_view column) {
  const auto names_it = [column](const Field& field) { return field.column == column; };
  const auto has_it = [&](const ResourceColumns& columns) {
    return columns.table == "repos" && std::ranges::any_of(columns.fields, names_it);
  };
  return column.empty() || std::ranges::any_of(resources, has_it);
}

// The run that began last, or, in a merged database, the last run of each shard of the job. `which`
// is a condition.
View latest_runs(const std::string& name, std::string_view which) {
  std::string select(kLatestRuns);
  select.replace(select.find('%'), 1, which);
  return {name, "CREATE VIEW " + name + " AS" + select};
}

View view_of(const Definition& view) {
  const std::string name(view.name);
  return {name, "CREATE VIEW " + name + " AS" + std::string(view.select)};
}

// `until` is the next day.  As text it sorts before all times of that day, and after all times of
// `day`.
constexpr Definition kDays{"days", "", R"sql(
WITH RECURSIVE calendar (day, until) AS (
  SELECT date(min(started_at)), date(min(started_at), '+1 day') FROM runs
  UNION ALL
  SELECT until, date(until, '+1 day') FROM calendar
  WHERE until <= (SELECT date(max(coalesce(finished_at, started_at))) FROM runs))
SELECT day, until FROM calendar)sql"};

// `c.value` is an object with the old value of the first later change of each field.
// The record existed if an interval of its statistics covers the end of the day.
// CROSS JOIN fixes the order of the joins: the requested day, then each record, then its interval.
constexpr std::string_view kRecordsOfDay = R"sql(
FROM days d CROSS JOIN {table} r CROSS JOIN {stats} s CROSS JOIN json_each(json_array(
  CASE WHEN r.last_changed_at >= d.until THEN (
    SELECT json_group_object(field, old_value)
    FROM (SELECT field, old_value, min(changed_at) FROM {changes}
          WHERE {reference} = r.{key} AND changed_at >= d.until GROUP BY field)) END)) c
WHERE s.{reference} = r.{key} AND s.valid_from < d.until
  AND (s.valid_to IS NULL OR s.valid_to >= d.until))sql";

constexpr std::string_view kStaysOfDay = R"sql(
FROM days d CROSS JOIN {table} r CROSS JOIN json_each(json_array((
  SELECT json_group_object(field, old_value)
  FROM (SELECT field, old_value, min(changed_at) FROM {changes}
        WHERE {parent} = r.{parent} AND {reference} = r.{key} AND changed_at >= d.until
          AND changed_at < coalesce(r.until, '9999') GROUP BY field)))) c
WHERE r.since < d.until AND (r.until IS NULL OR r.until >= d.until))sql";

std::string value_of_day(const Field& field, bool is_statistic) {
  const std::string column = quoted(field.column);
  if (is_statistic) return "s." + column;
  const std::string name = "'" + std::string(field.column) + "'";
  return "iif(c.value -> " + name + " IS NULL, r." + column + ", c.value ->> " + name + ") AS " +
         column;
}

// The columns of the fields, in at most kLines lines.
std::string values_of_day(const ResourceColumns& columns) {
  constexpr std::size_t kLines = 6;
  const std::size_t in_line = (columns.kept.size() + kLines - 1) / kLines;
  std::string sql;
  std::size_t count = 0;
  for (const std::size_t index : columns.kept) {
    const Field& field = columns.fields[index];
    sql += count++ % in_line == 0 ? ",\n  " : ", ";
    sql += value_of_day(field, field.role == Role::statistic && !columns.is_stay);
  }
  return sql;
}

// Each record with the values of its fields at the end of a day (UTC).
View records_of_day(const ResourceColumns& columns) {
  const std::string_view key =
      columns.is_stay ? "\nSELECT d.day, r.{parent}, r.{key}" : "\nSELECT d.day, r.{key}";
  const std::string_view from = columns.is_stay ? kStaysOfDay : kRecordsOfDay;
  return {columns.as_of, "CREATE VIEW " + columns.as_of + " AS" + sql_for(columns, key) +
                             values_of_day(columns) + sql_for(columns, from)};
}

}  // namespace

std::vector<View> views(const std::vector<ResourceColumns>& resources) {
  std::vector<View> all{
      latest_runs("current_runs", ""),
      latest_runs("finished_runs", " WHERE status IN ('complete', 'incomplete')")};
  for (const Definition* view : kDefinitions) {
    if (!has_column(resources, view->needs)) continue;
    all.push_back(view_of(*view));
  }
  all.push_back(view_of(kDays));
  for (const ResourceColumns& columns : resources) all.push_back(records_of_day(columns));
  return all;
}

}  // namespace repopipe
