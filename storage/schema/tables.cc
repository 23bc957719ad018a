#include "storage/schema/tables.h"

#include "storage/schema/resource_columns.h"

namespace repopipe {
namespace {

constexpr const char* kRuns = R"sql(
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  job TEXT NOT NULL,
  version TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  exit_code INTEGER,
  error TEXT,
  resumed INTEGER NOT NULL DEFAULT 0,
  users_ok INTEGER NOT NULL DEFAULT 0,
  users_unchanged INTEGER NOT NULL DEFAULT 0,
  users_not_found INTEGER NOT NULL DEFAULT 0,
  users_renamed INTEGER NOT NULL DEFAULT 0,
  users_blocked INTEGER NOT NULL DEFAULT 0,
  users_failed INTEGER NOT NULL DEFAULT 0,
  repos_seen INTEGER NOT NULL DEFAULT 0,
  repos_new INTEGER NOT NULL DEFAULT 0,
  repos_changed INTEGER NOT NULL DEFAULT 0,
  repos_gone INTEGER NOT NULL DEFAULT 0,
  requests INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  wall_ms REAL NOT NULL DEFAULT 0,
  starting_ms REAL NOT NULL DEFAULT 0,
  fetching_ms REAL NOT NULL DEFAULT 0,
  processing_ms REAL NOT NULL DEFAULT 0,
  waiting_ms REAL NOT NULL DEFAULT 0,
  finishing_ms REAL NOT NULL DEFAULT 0,
  fetch_busy_ms REAL NOT NULL DEFAULT 0,
  parse_busy_ms REAL NOT NULL DEFAULT 0,
  store_busy_ms REAL NOT NULL DEFAULT 0,
  plan_busy_ms REAL NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  login TEXT NOT NULL COLLATE NOCASE,
  kind TEXT,
  first_seen_at TEXT NOT NULL,
  first_seen_run INTEGER NOT NULL REFERENCES runs (id),
  last_seen_at TEXT NOT NULL
) STRICT;
CREATE INDEX users_by_login ON users (login);

CREATE TABLE run_users (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  login TEXT NOT NULL COLLATE NOCASE,
  outcome TEXT NOT NULL,
  user_id INTEGER REFERENCES users (id),
  settled_at TEXT NOT NULL,
  repos INTEGER NOT NULL,
  repos_new INTEGER NOT NULL,
  repos_changed INTEGER NOT NULL,
  repos_gone INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  pages INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  queued_ms REAL NOT NULL,
  fetch_ms REAL NOT NULL,
  parse_ms REAL NOT NULL,
  store_ms REAL NOT NULL,
  error TEXT,
  PRIMARY KEY (run_id, login)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_users_by_user ON run_users (user_id, run_id);

CREATE TABLE requests (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id),
  login TEXT NOT NULL COLLATE NOCASE,
  page INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  status INTEGER,
  http_version TEXT,
  bytes INTEGER NOT NULL,
  name_lookup_ms REAL NOT NULL,
  connect_ms REAL NOT NULL,
  tls_ms REAL NOT NULL,
  first_byte_ms REAL NOT NULL,
  total_ms REAL NOT NULL,
  outcome TEXT NOT NULL,
  error TEXT
) STRICT;
CREATE INDEX requests_by_user ON requests (run_id, login);
)sql";

// After `repos`, which they refer to.
constexpr const char* kHistory = R"sql(
CREATE TABLE repo_topics (
  repo_id INTEGER NOT NULL REFERENCES repos (id),
  topic TEXT NOT NULL,
  PRIMARY KEY (repo_id, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE repo_changes (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  repo_id INTEGER NOT NULL REFERENCES repos (id),
  field TEXT NOT NULL,
  old_value ANY,
  new_value ANY,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (run_id, repo_id, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX repo_changes_by_repo ON repo_changes (repo_id, field, changed_at);
)sql";

// What the runs so far know of where a login led is taken over.
constexpr const char* kListings = R"sql(
CREATE TABLE listings (
  login TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
  user_id INTEGER REFERENCES users (id),
  per_page INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO listings (login, user_id)
SELECT login, user_id
FROM (SELECT login, user_id, max(run_id) FROM run_users WHERE user_id IS NOT NULL GROUP BY login);

CREATE TABLE pages (
  login TEXT NOT NULL COLLATE NOCASE,
  page INTEGER NOT NULL,
  principal TEXT NOT NULL,
  etag TEXT NOT NULL,
  target TEXT NOT NULL,
  next_target TEXT,
  repo_ids TEXT NOT NULL,
  PRIMARY KEY (login, page)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_renames (
  user_id INTEGER NOT NULL REFERENCES users (id),
  run_id INTEGER NOT NULL REFERENCES runs (id),
  old_login TEXT NOT NULL COLLATE NOCASE,
  new_login TEXT NOT NULL COLLATE NOCASE,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (user_id, run_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN job_digest TEXT;
ALTER TABLE runs ADD COLUMN requests_unchanged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN gone_since TEXT;
ALTER TABLE run_users ADD COLUMN renamed_to TEXT;
ALTER TABLE run_users ADD COLUMN lost_user_id INTEGER REFERENCES users (id);
)sql";

// What a merge must know: which run is the same one in two files, and which listing is newer.  The
// runs so far get their names here, so that copies made of a file before are strangers to it.
constexpr const char* kMerging = R"sql(
ALTER TABLE runs ADD COLUMN uid TEXT;
ALTER TABLE runs ADD COLUMN shard TEXT;
ALTER TABLE runs ADD COLUMN merged INTEGER NOT NULL DEFAULT 0 CHECK (merged IN (0, 1));
UPDATE runs SET uid = lower(hex(randomblob(16)));
CREATE UNIQUE INDEX runs_by_uid ON runs (uid);

ALTER TABLE listings ADD COLUMN read_at TEXT;
)sql";

// Parts of a run so far are unknown: each run has one part, as it ended.
constexpr const char* kParts = R"sql(
ALTER TABLE runs ADD COLUMN provider TEXT;
ALTER TABLE runs ADD COLUMN host TEXT;

CREATE TABLE run_parts (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  part INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  status TEXT NOT NULL,
  exit_code INTEGER,
  error TEXT,
  PRIMARY KEY (run_id, part)
) STRICT, WITHOUT ROWID;
INSERT INTO run_parts
SELECT id, 1, started_at, finished_at, status, exit_code, error FROM runs;

CREATE TABLE missing_repos (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  repo_id INTEGER NOT NULL REFERENCES repos (id),
  login TEXT NOT NULL COLLATE NOCASE,
  missed_at TEXT NOT NULL,
  confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
  PRIMARY KEY (run_id, repo_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX missing_repos_by_user ON missing_repos (run_id, login);

ALTER TABLE listings ADD COLUMN good_runs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE listings ADD COLUMN empty_since TEXT;
)sql";

std::string type_of(const Field& field) {
  switch (field.type) {
    case FieldType::integer:
      return "INTEGER";
    case FieldType::boolean:
      return "INTEGER CHECK (" + quoted(field.column) + " IN (0, 1))";
    case FieldType::text:
    case FieldType::text_list:
      return "TEXT";
  }
  return "ANY";
}

std::string column_sql(const Field& field) {
  std::string sql = added_column_sql(field);
  if (field.presence == Presence::required) sql += " NOT NULL";
  if (field.role == Role::account_id) sql += " REFERENCES users (id)";
  return sql;
}

// `id INT` rather than INTEGER: the number is then not the place of the row, and the repositories
// of an account lie together.  GitHub's numbers of one account are spread over all years, so that
// each row would be on a page of its own; measured: half the time for ids like that.
std::string repos_sql(const ResourceColumns& columns) {
  return "\nCREATE TABLE repos (\n  id INT PRIMARY KEY,\n  " +
         joined(columns.fields, columns.kept, column_sql, ",\n  ") + R"sql(,
  first_seen_at TEXT NOT NULL,
  first_seen_run INTEGER NOT NULL REFERENCES runs (id),
  last_seen_at TEXT NOT NULL,
  last_changed_at TEXT,
  gone_since TEXT
) STRICT;
CREATE INDEX repos_by_owner ON repos (owner_id, gone_since, id);
CREATE INDEX repos_by_first_run ON repos (first_seen_run);
)sql";
}

std::string repo_stats_sql(const ResourceColumns& columns) {
  std::string sql = R"sql(
CREATE TABLE repo_stats (
  repo_id INTEGER NOT NULL REFERENCES repos (id),
  valid_from TEXT NOT NULL,
  valid_to TEXT,
)sql";
  for (const std::size_t index : columns.statistics) {
    sql += "  " + column_sql(columns.fields[index]) + ",\n";
  }
  return sql + "  PRIMARY KEY (repo_id, valid_from)\n) STRICT, WITHOUT ROWID;\n";
}

}  // namespace

std::string tables_sql(Fields fields) {
  const ResourceColumns columns(fields);
  return kRuns + repos_sql(columns) + repo_stats_sql(columns) + kHistory;
}

std::string listing_tables_sql(Fields) {
  return kListings;
}

std::string merging_sql(Fields) {
  return kMerging;
}

std::string parts_sql(Fields) {
  return kParts;
}

std::string added_column_sql(const Field& field) {
  return quoted(field.column) + " " + type_of(field);
}

}  // namespace repopipe
