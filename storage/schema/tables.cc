#include "storage/schema/tables.h"

namespace repopipe {
namespace {

// Runs, accounts, and the logs of runs.
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

// The state of each listing, for conditional requests, and the loss of accounts.  Copies the
// accounts of logins from the existing runs.
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

// For merges: which runs of two files are the same, and which listing is newer.  Existing runs get
// their names here, so runs in copies of the file that were made earlier count as different.
constexpr const char* kMerging = R"sql(
ALTER TABLE runs ADD COLUMN uid TEXT;
ALTER TABLE runs ADD COLUMN shard TEXT;
ALTER TABLE runs ADD COLUMN merged INTEGER NOT NULL DEFAULT 0 CHECK (merged IN (0, 1));
UPDATE runs SET uid = lower(hex(randomblob(16)));
CREATE UNIQUE INDEX runs_by_uid ON runs (uid);

ALTER TABLE listings ADD COLUMN read_at TEXT;
)sql";

// The parts of existing runs are unknown: each run gets one part, with its end.
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

ALTER TABLE listings ADD COLUMN good_runs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE listings ADD COLUMN empty_since TEXT;
)sql";

// Existing runs are numbered in the order in which they began.  Existing listings and requests are
// of resource 1, the repositories.  `listings` and `pages` get another key and are written again;
// the largest tables are not.  The columns of a key come first, as SQLite 3.40 requires.  SQLite
// does not check the views here, because they may be older or from a user.
constexpr const char* kResources = R"sql(
ALTER TABLE runs ADD COLUMN ordinal INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET ordinal = o.place
FROM (SELECT id, row_number() OVER (
        ORDER BY iif(EXISTS (SELECT 1 FROM runs WHERE merged = 1), started_at, ''), id) AS place
      FROM runs) o
WHERE o.id = runs.id;

ALTER TABLE requests ADD COLUMN resource INTEGER NOT NULL DEFAULT 1;

CREATE TABLE run_listings (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  login TEXT NOT NULL COLLATE NOCASE,
  resource INTEGER NOT NULL,
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
  renamed_to TEXT,
  lost_user_id INTEGER REFERENCES users (id),
  PRIMARY KEY (run_id, login, resource)
) STRICT, WITHOUT ROWID;

PRAGMA legacy_alter_table = ON;
CREATE TABLE new_listings (
  login TEXT NOT NULL COLLATE NOCASE,
  resource INTEGER NOT NULL DEFAULT 1,
  user_id INTEGER REFERENCES users (id),
  per_page INTEGER,
  read_at TEXT,
  good_runs INTEGER NOT NULL DEFAULT 0,
  empty_since TEXT,
  PRIMARY KEY (login, resource)
) STRICT, WITHOUT ROWID;
INSERT INTO new_listings
SELECT login, 1, user_id, per_page, read_at, good_runs, empty_since FROM listings;
DROP TABLE listings;
ALTER TABLE new_listings RENAME TO listings;

CREATE TABLE new_pages (
  login TEXT NOT NULL COLLATE NOCASE,
  resource INTEGER NOT NULL DEFAULT 1,
  page INTEGER NOT NULL,
  principal TEXT NOT NULL,
  etag TEXT NOT NULL,
  target TEXT NOT NULL,
  next_target TEXT,
  repo_ids TEXT NOT NULL,
  PRIMARY KEY (login, resource, page)
) STRICT, WITHOUT ROWID;
INSERT INTO new_pages
SELECT login, 1, page, principal, etag, target, next_target, repo_ids FROM pages;
DROP TABLE pages;
ALTER TABLE new_pages RENAME TO pages;
PRAGMA legacy_alter_table = OFF;
)sql";

}  // namespace

std::vector<std::string> schema_steps() {
  return {kRuns, kListings, kMerging, kParts, kResources, run_totals_step()};
}

}  // namespace repopipe
