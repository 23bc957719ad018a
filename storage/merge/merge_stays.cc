// Stays of records, such as members.  Each row of a file shows that the record was in the list from
// `since` to `last_seen_at`, and not at `until`.  A merged stay ends at the first `until` of either
// file after its last sighting; a row that begins later is another stay.  So the result does not
// depend on the order of the files.
#include "storage/merge/merge_steps.h"

namespace repopipe {
namespace {

constexpr std::string_view kMatchStays = R"sql(
CREATE TEMP TABLE met_{table} ({parent} INTEGER, {key} INTEGER, PRIMARY KEY ({parent}, {key}))
WITHOUT ROWID;
INSERT OR IGNORE INTO met_{table}
SELECT i.{parent}, i.{key}
FROM incoming.{table} i
LEFT JOIN main.{table} o ON o.{parent} = i.{parent} AND o.{key} = i.{key} AND o.since = i.since
WHERE o.{parent} IS NULL OR (%i) IS NOT (%o))sql";

constexpr std::string_view kGatherStays = R"sql(
CREATE TEMP TABLE rows_of_both AS
SELECT %all FROM main.{table} WHERE ({parent}, {key}) IN (SELECT {parent}, {key} FROM met_{table})
UNION ALL
SELECT %all FROM incoming.{table}
WHERE ({parent}, {key}) IN (SELECT {parent}, {key} FROM met_{table});
CREATE INDEX temp.rows_of_record ON rows_of_both ({parent}, {key}))sql";

// `seen`: the last sighting of all previous rows; `before`: the beginning of the last of them.
constexpr std::string_view kNumberStays = R"sql(
CREATE TEMP TABLE numbered_stays AS
SELECT *, sum(begins) OVER (PARTITION BY {parent}, {key} ORDER BY place) AS stay
FROM (
  SELECT r.*, r.seen IS NULL OR r.since > r.before AND EXISTS (
           SELECT 1 FROM rows_of_both m
           WHERE m.{parent} = r.{parent} AND m.{key} = r.{key}
             AND m.until >= r.seen AND m.until <= r.since) AS begins
  FROM (SELECT *, row_number() OVER w AS place, lag(since) OVER w AS before,
               max(max(since, last_seen_at)) OVER (
                 w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS seen
        FROM rows_of_both
        WINDOW w AS (PARTITION BY {parent}, {key} ORDER BY since, last_seen_at, %texts)) r);
CREATE INDEX temp.stays_of_record ON numbered_stays ({parent}, {key}))sql";

constexpr std::string_view kTakeStays = R"sql(
DELETE FROM main.{table} WHERE ({parent}, {key}) IN (SELECT {parent}, {key} FROM met_{table});
INSERT INTO main.{table} ({parent}, {key}, since, until, last_seen_at%fields)
SELECT s.{parent}, s.{key}, s.since,
       (SELECT min(m.until) FROM numbered_stays m
        WHERE m.{parent} = s.{parent} AND m.{key} = s.{key}
          AND (m.until > s.seen OR (m.until = s.seen AND m.stay = s.stay))),
       s.last_seen_at%last
FROM (SELECT {parent}, {key}, stay, min(since) AS since, max(last_seen_at) AS last_seen_at,
             max(max(since, last_seen_at)) AS seen
      FROM numbered_stays GROUP BY {parent}, {key}, stay) s
JOIN (SELECT *, row_number() OVER (PARTITION BY {parent}, {key}, stay
                                   ORDER BY last_seen_at DESC, %texts) AS age
      FROM numbered_stays) l
  ON l.{parent} = s.{parent} AND l.{key} = s.{key} AND l.stay = s.stay AND l.age = 1;
DROP TABLE numbered_stays;
DROP TABLE rows_of_both;)sql";

std::string replaced(std::string text, std::string_view what, const std::string& by) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string texts_of(const Columns& fields) {
  const std::string texts = fields.texts("");
  return texts.empty() ? "0" : texts;
}

std::string with_comma(const Columns& fields, const std::string& prefix) {
  const std::string list = fields.list(prefix);
  return list.empty() ? list : ", " + list;
}

}  // namespace

Status match_stays(Database& database, const ResourceColumns& columns) {
  const auto all = Columns::of(database, columns.table, {});
  if (!all) return fail(all.error());
  std::string sql = replaced(sql_for(columns, kMatchStays), "%i", all->list("i."));
  return database.execute(replaced(std::move(sql), "%o", all->list("o.")));
}

Status take_stays(Database& database, const ResourceColumns& columns) {
  const auto all = Columns::of(database, columns.table, {});
  if (!all) return fail(all.error());
  const auto fields = Columns::of(database, columns.table,
                                  {columns.parent, columns.key, "since", "until", "last_seen_at"});
  if (!fields) return fail(fields.error());
  for (const std::string_view step : {kGatherStays, kNumberStays, kTakeStays}) {
    std::string sql = replaced(sql_for(columns, step), "%all", all->list());
    sql = replaced(std::move(sql), "%texts", texts_of(*fields));
    sql = replaced(std::move(sql), "%fields", with_comma(*fields, ""));
    sql = replaced(std::move(sql), "%last", with_comma(*fields, "l."));
    if (auto done = database.execute(sql); !done) return done;
  }
  return {};
}

}  // namespace repopipe
