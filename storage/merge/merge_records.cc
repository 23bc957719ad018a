// Merges records and their history.  The merged row of a record is the one that was read last.  The
// intervals of its statistics begin where those of either file begin.  The ends of the intervals,
// and whether the record is gone, are computed from these and from the table of changes.  So the
// result does not depend on the order of the files.
#include "storage/merge/merge_steps.h"

namespace repopipe {
namespace {

// The columns of a record that the merge computes from both rows.
std::vector<std::string> of_all_runs(const ResourceColumns& columns) {
  return {columns.key, "first_seen_at", "first_seen_run", "last_changed_at", "gone_since"};
}
// The key of an interval and its end.
std::vector<std::string> of_interval(const ResourceColumns& columns) {
  return {columns.reference, "valid_from", "valid_to"};
}

std::string with_comma(const std::string& list) {
  return list.empty() ? list : ", " + list;
}

// `newer`: the row of `incoming` was read later.  The table also has known records whose history
// may change: those with new intervals, and those that vanished in a new run.
std::string match_sql(const Columns& read, const Columns& statistics) {
  const auto row = [&](const std::string& prefix) {
    return "(" + prefix + "first_seen_at, " + prefix + "last_changed_at, " + prefix +
           "gone_since, " + read.list(prefix) + ")";
  };
  const auto content = [&](const std::string& prefix) {
    return "(" + prefix + "last_seen_at, " + read.texts(prefix) + ")";
  };
  return "CREATE TEMP TABLE met_{table} (id INTEGER PRIMARY KEY, is_new INTEGER NOT NULL DEFAULT "
         "0, "
         "newer INTEGER NOT NULL DEFAULT 0);"
         "INSERT INTO met_{table} SELECT i.{key}, o.{key} IS NULL, o.{key} IS NULL OR " +
         content("i.") + " > " + content("o.") +
         " FROM incoming.{table} i LEFT JOIN main.{table} o ON o.{key} = i.{key} WHERE o.{key} IS "
         "NULL OR " +
         row("i.") + " IS NOT " + row("o.") +
         ";INSERT OR IGNORE INTO met_{table} (id) SELECT i.{reference} FROM incoming.{stats} i "
         "LEFT JOIN main.{stats} o ON o.{reference} = i.{reference} AND o.valid_from = "
         "i.valid_from "
         "WHERE o.{reference} IS NULL OR (0" +
         with_comma(statistics.list("i.")) + ") IS NOT (0" + with_comma(statistics.list("o.")) +
         R"sql();
INSERT OR IGNORE INTO met_{table} (id)
SELECT c.{reference} FROM run_map m CROSS JOIN incoming.{changes} c
WHERE c.run_id = m.in_id AND m.taken AND c.field = 'gone_since';
INSERT OR IGNORE INTO met_{table} (id)
SELECT c.{reference} FROM run_map m CROSS JOIN main.{changes} c
WHERE c.run_id = m.out_id AND m.taken AND c.field = 'gone_since')sql";
}

// Inserts in the order of the rows of `incoming`, so the records of an account are adjacent.
std::string rows_sql(const Columns& read) {
  return "INSERT INTO main.{table} ({key}, first_seen_at, first_seen_run, last_changed_at, "
         "gone_since, " +
         read.list() +
         ") SELECT i.{key}, i.first_seen_at, m.out_id, i.last_changed_at, i.gone_since, " +
         read.list("i.") +
         " FROM incoming.{table} i CROSS JOIN met_{table} t CROSS JOIN run_map m "
         "WHERE t.id = i.{key} AND m.in_id = i.first_seen_run AND ";
}

std::string first_records_sql() {
  const std::string earlier = is_earlier("{table}");
  return "NOT t.is_new ON CONFLICT ({key}) DO UPDATE SET "
         "first_seen_at = iif(" +
         earlier +
         ", excluded.first_seen_at, first_seen_at), "
         "first_seen_run = iif(" +
         earlier +
         ", excluded.first_seen_run, first_seen_run), "
         "last_changed_at = max(coalesce(last_changed_at, excluded.last_changed_at), "
         "coalesce(excluded.last_changed_at, last_changed_at))";
}

// The elements of a text list.
std::string elements_sql(const std::string& table, const std::string& element) {
  return "DELETE FROM main." + table +
         " WHERE {reference} IN (SELECT id FROM met_{table} WHERE newer AND NOT is_new);"
         "INSERT INTO main." +
         table + " ({reference}, " + element + ") SELECT i.{reference}, i." + element +
         " FROM met_{table} t CROSS JOIN incoming." + table +
         " i WHERE i.{reference} = t.id AND t.newer";
}

std::string intervals_sql(const Columns& statistics) {
  return "INSERT INTO main.{stats} ({reference}, valid_from, valid_to" +
         with_comma(statistics.list()) + ") SELECT i.{reference}, i.valid_from, i.valid_to" +
         with_comma(statistics.list("i.")) +
         " FROM met_{table} t CROSS JOIN incoming.{stats} i WHERE i.{reference} = t.id "
         "ON CONFLICT ({reference}, valid_from) DO UPDATE SET valid_to = valid_to" +
         with_comma(statistics.updates()) + " WHERE (0" +
         with_comma(statistics.texts("excluded.")) + ") > (0" +
         with_comma(statistics.texts("{stats}.")) + ")";
}

// Whether a `change` (a vanishing or return) applies to record `r`: its run has read the list of
// the present account of the record.  A run of another shard has not: its change only shows that
// the record has left another account.
std::string concerns(const std::string& change, const std::string& r) {
  return "EXISTS (SELECT 1 FROM main.{log} u WHERE u.user_id = " + r +
         ".{parent} AND u.run_id = " + change + ".run_id AND u.settled_at >= " + change +
         ".changed_at{log_condition})";
}

// The first vanishing after the last sighting.
std::string gone_sql() {
  return R"sql(
UPDATE main.{table} SET gone_since =
  (SELECT min(c.changed_at) FROM main.{changes} c
   WHERE c.{reference} = {table}.{key} AND c.field = 'gone_since' AND c.new_value IS NOT NULL
     AND c.changed_at > coalesce(
       (SELECT max(b.changed_at) FROM main.{changes} b
        WHERE b.{reference} = {table}.{key} AND b.field = 'gone_since' AND b.new_value IS NULL
          AND b.changed_at > {table}.last_seen_at AND )sql" +
         concerns("b", "{table}") + "), {table}.last_seen_at) AND " + concerns("c", "{table}") +
         ") WHERE {key} IN (SELECT id FROM met_{table} WHERE NOT is_new)";
}

// An interval ends at the next interval, or at an earlier vanishing; the last one ends when the
// record was gone.  A vanishing from another account only ends intervals that did not begin with
// the present account.
std::string ends_sql() {
  const std::string vanishing = R"sql(
       (SELECT min(c.changed_at) FROM main.{changes} c CROSS JOIN main.{table} r
        WHERE c.{reference} = {stats}.{reference} AND r.{key} = c.{reference} AND c.field = 'gone_since'
          AND c.new_value IS NOT NULL AND c.changed_at >= {stats}.valid_from
          AND ()sql" + concerns("c", "r") +
                                R"sql( OR NOT EXISTS (
            SELECT 1 FROM main.{log} u
            WHERE u.user_id = r.{parent} AND u.settled_at = {stats}.valid_from{log_condition}))))sql";
  return R"sql(
UPDATE main.{stats} SET valid_to = coalesce(
  (SELECT min(n.valid_from, coalesce()sql" +
         vanishing + R"sql(, n.valid_from))
   FROM main.{stats} n
   WHERE n.{reference} = {stats}.{reference} AND n.valid_from > {stats}.valid_from
   ORDER BY n.valid_from LIMIT 1),
  (SELECT max(r.gone_since, {stats}.valid_from) FROM main.{table} r
   WHERE r.{key} = {stats}.{reference}))
WHERE {reference} IN (SELECT id FROM met_{table} WHERE NOT is_new))sql";
}

}  // namespace

Status match_records(Database& database, const ResourceColumns& columns) {
  const auto read = Columns::of(database, columns.table, of_all_runs(columns));
  if (!read) return fail(read.error());
  const auto statistics = Columns::of(database, columns.stats, of_interval(columns));
  if (!statistics) return fail(statistics.error());
  return database.execute(sql_for(columns, match_sql(*read, *statistics)));
}

Status take_records(Database& database, const ResourceColumns& columns) {
  const auto read = Columns::of(database, columns.table, of_all_runs(columns));
  if (!read) return fail(read.error());
  const auto statistics = Columns::of(database, columns.stats, of_interval(columns));
  if (!statistics) return fail(statistics.error());
  const std::string rows = rows_sql(*read);
  std::vector<std::string> steps{
      rows + "t.newer ON CONFLICT ({key}) DO UPDATE SET " + read->updates(),
      rows + first_records_sql()};
  for (const std::size_t field : columns.lists) {
    steps.push_back(elements_sql(columns.list_table(field), columns.list_element(field)));
  }
  steps.push_back(intervals_sql(*statistics));
  steps.push_back(gone_sql());
  steps.push_back(ends_sql());
  for (const std::string& step : steps) {
    if (auto done = database.execute(sql_for(columns, step)); !done) return done;
  }
  return {};
}

}  // namespace repopipe
