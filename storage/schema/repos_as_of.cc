#include "storage/schema/resource_columns.h"
#include "storage/schema/views.h"

namespace repopipe {
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
