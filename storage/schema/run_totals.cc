// The totals of runs: what a run waited for, its tokens, and its requests.
#include "storage/schema/tables.h"

namespace repopipe {
namespace {

constexpr const char* kTotalsOfRuns = R"sql(
CREATE TABLE run_waits (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  cause TEXT NOT NULL,
  ms REAL NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (run_id, cause)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_tokens (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  token TEXT NOT NULL,
  quota_limit INTEGER,
  remaining INTEGER,
  resets_at TEXT,
  expires_at TEXT,
  PRIMARY KEY (run_id, token)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_requests (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  status INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  count INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  total_ms REAL NOT NULL,
  le_50 INTEGER NOT NULL,
  le_100 INTEGER NOT NULL,
  le_200 INTEGER NOT NULL,
  le_500 INTEGER NOT NULL,
  le_1000 INTEGER NOT NULL,
  le_2000 INTEGER NOT NULL,
  le_5000 INTEGER NOT NULL,
  le_10000 INTEGER NOT NULL,
  PRIMARY KEY (run_id, status, outcome)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace

std::string count_requests_sql(std::string_view where) {
  constexpr std::string_view kCount = R"sql(
INSERT INTO run_requests
SELECT run_id, coalesce(status, 0), outcome, count(*), sum(bytes), sum(total_ms),
       count(*) FILTER (WHERE total_ms <= 50), count(*) FILTER (WHERE total_ms <= 100),
       count(*) FILTER (WHERE total_ms <= 200), count(*) FILTER (WHERE total_ms <= 500),
       count(*) FILTER (WHERE total_ms <= 1000), count(*) FILTER (WHERE total_ms <= 2000),
       count(*) FILTER (WHERE total_ms <= 5000), count(*) FILTER (WHERE total_ms <= 10000)
FROM requests )sql";
  return std::string(kCount) + std::string(where) + " GROUP BY 1, 2, 3";
}

std::string run_totals_step() {
  return kTotalsOfRuns + count_requests_sql("");
}

}  // namespace repopipe
