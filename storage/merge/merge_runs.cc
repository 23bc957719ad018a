// Merges runs with their rows: `run_parts`, `run_users`, `run_listings`, `requests`,
// `user_renames`, and the changes and missing records of each resource.
#include "storage/merge/merge_steps.h"

namespace repopipe {
namespace {

// The progress of a run of `schema`: of two copies of a run, the one with more progress is the
// later state.  A run that is complete or incomplete no longer changes, so its rows are not
// counted.
std::string progress_of(const std::string& run, const std::string& schema) {
  const std::string count = ", iif(" + std::string("o.status IN ('complete', 'incomplete') AND ") +
                            "i.status IN ('complete', 'incomplete'), 0, (SELECT count(*) FROM " +
                            schema;
  return "(" + run + ".status IN ('complete', 'incomplete'), " + run + ".resumed, " + run +
         ".status <> 'running'" + count + ".run_users WHERE run_id = " + run + ".id))" + count +
         ".requests WHERE run_id = " + run + ".id)), coalesce(" + run + ".finished_at, ''))";
}

// `run_numbers` has the ids of the runs of all files.  A run that began later gets a higher id.
std::string match_sql() {
  return R"sql(
CREATE TEMP TABLE run_map (in_id INTEGER PRIMARY KEY, out_id INTEGER NOT NULL,
                           taken INTEGER NOT NULL);
INSERT INTO run_map
SELECT i.id,
       coalesce(o.id, n.id, row_number() OVER (ORDER BY i.started_at, i.uid) +
         (SELECT coalesce(max(id), 0)
          FROM (SELECT id FROM main.runs UNION ALL SELECT id FROM temp.run_numbers))),
       o.id IS NULL OR )sql" +
         progress_of("i", "incoming") + " > " + progress_of("o", "main") + R"sql(
FROM incoming.runs i LEFT JOIN main.runs o ON o.uid = i.uid
LEFT JOIN temp.run_numbers n ON n.uid = i.uid)sql";
}

std::string runs_sql(const Columns& columns) {
  return "INSERT INTO main.runs (id, merged, " + columns.list() + ") SELECT m.out_id, 1, " +
         columns.list("i.") +
         " FROM run_map m CROSS JOIN incoming.runs i "
         "WHERE i.id = m.in_id AND m.taken ORDER BY m.out_id "
         "ON CONFLICT (id) DO UPDATE SET " +
         columns.updates();
}

// Ids show which run of one machine began later, even if its clock was set back.  This does not
// apply to runs from a merge.
constexpr const char* kOrderRuns = R"sql(
UPDATE main.runs SET ordinal = o.place
FROM (SELECT id, row_number() OVER (ORDER BY started_at, uid) AS place FROM main.runs) o
WHERE o.id = runs.id AND EXISTS (SELECT 1 FROM main.runs WHERE merged = 1))sql";

// Deletes the rows that `main` has of an earlier state of a run.
std::string rows_sql(const std::string& table, const Columns& columns) {
  return "DELETE FROM main." + table +
         " WHERE run_id IN (SELECT out_id FROM run_map WHERE taken);"
         "INSERT INTO main." +
         table + " (run_id, " + columns.list() + ") SELECT m.out_id, " + columns.list("r.") +
         " FROM run_map m CROSS JOIN incoming." + table + " r WHERE r.run_id = m.in_id AND m.taken";
}

}  // namespace

Status match_runs(Database& database) {
  return database.execute(match_sql());
}

Status take_runs(Database& database, const std::vector<ResourceColumns>& resources) {
  const auto runs = Columns::of(database, "runs", {"id", "merged", "ordinal"});
  if (!runs) return fail(runs.error());
  if (auto done = database.execute(runs_sql(*runs)); !done) return done;
  if (auto done = database.execute(kOrderRuns); !done) return done;
  std::vector<std::string> tables{"run_parts",    "run_users", "run_listings", "requests",
                                  "run_requests", "run_waits", "run_tokens",   "user_renames"};
  for (const ResourceColumns& resource : resources) {
    tables.push_back(resource.changes);
    if (!resource.is_stay) tables.push_back(resource.missing);
  }
  for (const std::string& table : tables) {
    const auto columns = Columns::of(database, table, {"run_id", "id"});
    if (!columns) return fail(columns.error());
    if (auto done = database.execute(rows_sql(table, *columns)); !done) return done;
  }
  return {};
}

}  // namespace repopipe
