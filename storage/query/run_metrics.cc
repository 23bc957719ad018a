#include "storage/query/run_metrics.h"

#include <algorithm>
#include <string_view>
#include <system_error>

#include "storage/query/snapshot.h"

namespace repopipe {
namespace {

constexpr std::int64_t kLeastVersion = 6;  // run_requests

constexpr std::string_view kLastRun = R"sql(
SELECT id, unixepoch(started_at), unixepoch(finished_at), wall_ms / 1000, bytes, exit_code
FROM runs WHERE job = ?1 AND coalesce(shard, '') = ?2 AND merged = 0 AND finished_at IS NOT NULL
ORDER BY ordinal DESC, id DESC LIMIT 1)sql";

constexpr std::string_view kLastSuccess = R"sql(
SELECT max(unixepoch(finished_at)) FROM runs
WHERE job = ?1 AND coalesce(shard, '') = ?2 AND merged = 0 AND status = 'complete')sql";

constexpr std::string_view kRepositories = "SELECT count(*) FROM repos WHERE gone_since IS NULL";

constexpr std::string_view kRequestTimes = R"sql(
SELECT total(count), total(total_ms) / 1000, total(le_50), total(le_100), total(le_200),
       total(le_500), total(le_1000), total(le_2000), total(le_5000), total(le_10000)
FROM run_requests WHERE run_id = ?1)sql";

// A list of labelled values of a run.
struct List {
  std::vector<LabelledValue> LastRun::*values;
  std::string_view sql;
};

constexpr List kLists[] = {
    {&LastRun::stages, R"sql(
SELECT 'starting', starting_ms / 1000 FROM runs WHERE id = ?1 UNION ALL
SELECT 'fetching', fetching_ms / 1000 FROM runs WHERE id = ?1 UNION ALL
SELECT 'processing', processing_ms / 1000 FROM runs WHERE id = ?1 UNION ALL
SELECT 'waiting', waiting_ms / 1000 FROM runs WHERE id = ?1 UNION ALL
SELECT 'finishing', finishing_ms / 1000 FROM runs WHERE id = ?1)sql"},
    {&LastRun::busy, R"sql(
SELECT 'fetch', fetch_busy_ms / 1000 FROM runs WHERE id = ?1 UNION ALL
SELECT 'parse', parse_busy_ms / 1000 FROM runs WHERE id = ?1 UNION ALL
SELECT 'store', store_busy_ms / 1000 FROM runs WHERE id = ?1 UNION ALL
SELECT 'plan', plan_busy_ms / 1000 FROM runs WHERE id = ?1)sql"},
    {&LastRun::waits, "SELECT cause, ms / 1000 FROM run_waits WHERE run_id = ?1"},
    {&LastRun::users, R"sql(
SELECT 'ok', users_ok FROM runs WHERE id = ?1 UNION ALL
SELECT 'unchanged', users_unchanged FROM runs WHERE id = ?1 UNION ALL
SELECT 'not_found', users_not_found FROM runs WHERE id = ?1 UNION ALL
SELECT 'renamed', users_renamed FROM runs WHERE id = ?1 UNION ALL
SELECT 'blocked', users_blocked FROM runs WHERE id = ?1 UNION ALL
SELECT 'failed', users_failed FROM runs WHERE id = ?1)sql"},
    {&LastRun::repositories, R"sql(
SELECT 'seen', repos_seen FROM runs WHERE id = ?1 UNION ALL
SELECT 'new', repos_new FROM runs WHERE id = ?1 UNION ALL
SELECT 'changed', repos_changed FROM runs WHERE id = ?1 UNION ALL
SELECT 'gone', repos_gone FROM runs WHERE id = ?1)sql"},
    {&LastRun::requests, R"sql(
SELECT CASE status WHEN 0 THEN 'none' ELSE status END, sum(count) FROM run_requests
WHERE run_id = ?1 GROUP BY status)sql"},
    {&LastRun::remaining,
     "SELECT token, remaining FROM run_tokens WHERE run_id = ?1 AND remaining NOT NULL"},
    {&LastRun::resets_at,
     "SELECT token, unixepoch(resets_at) FROM run_tokens WHERE run_id = ?1 AND resets_at NOT NULL"},
    {&LastRun::expires_at, R"sql(
SELECT token, unixepoch(expires_at) FROM run_tokens WHERE run_id = ?1 AND expires_at NOT NULL)sql"},
};

Status read_list(Database& database, std::int64_t id, const List& list, LastRun& run) {
  auto statement = database.prepare(list.sql);
  if (!statement) return fail(statement.error());
  statement->bind(id);
  for (;;) {
    const auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    (run.*list.values).push_back({std::string(statement->text(0)), statement->real(1)});
  }
}

Status read_times(Database& database, std::int64_t id, LastRun& run) {
  auto statement = database.prepare(kRequestTimes);
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(id).step();
  if (!row) return fail(row.error());
  run.request_count = statement->real(0);
  run.request_time = statement->real(1);
  for (std::size_t i = 0; i < run.within.size(); ++i) {
    run.within[i] = statement->real(static_cast<int>(i) + 2);
  }
  return {};
}

Status read_run(Database& database, const std::string& job, const std::string& shard,
                RunMetrics& metrics) {
  auto statement = database.prepare(kLastRun);
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(job, shard).step();
  if (!row) return fail(row.error());
  if (!*row) return {};
  LastRun& run = metrics.run.emplace();
  const std::int64_t id = statement->integer(0);
  run.started_at = statement->real(1);
  run.finished_at = statement->real(2);
  run.duration = statement->real(3);
  run.received_bytes = statement->real(4);
  run.exit_code = static_cast<int>(statement->integer(5));
  for (const List& list : kLists) {
    if (auto done = read_list(database, id, list, run); !done) return done;
  }
  return read_times(database, id, run);
}

// The first column of one row; nothing: it is NULL.
Result<std::optional<double>> number_of(Result<Statement> statement) {
  if (!statement) return fail(statement.error());
  const auto row = statement->step();
  if (!row) return fail(row.error());
  return *row && !statement->is_null(0) ? std::optional(statement->real(0)) : std::nullopt;
}

Status read_all(Database& database, const std::string& job, const std::string& shard,
                RunMetrics& metrics) {
  auto success = database.prepare(kLastSuccess);
  if (success) success->bind(job, shard);
  const auto last_success = number_of(std::move(success));
  const auto repositories = number_of(database.prepare(kRepositories));
  if (!last_success) return fail(last_success.error());
  if (!repositories) return fail(repositories.error());
  metrics.last_success = *last_success;
  metrics.repositories = repositories->value_or(0);
  return read_run(database, job, shard, metrics);
}

double bytes_of(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<double>(size);
}

}  // namespace

Result<RunMetrics> run_metrics(const std::filesystem::path& path, const std::string& job,
                               const Shard& shard) {
  RunMetrics metrics;
  const std::string name = shard.is_whole() ? "" : shard.name();
  const auto read = [&](Database& database) {
    metrics = {};
    return read_all(database, job, name, metrics);
  };
  if (auto done = read_snapshot(path, kLeastVersion, read); !done) return fail(done.error());
  metrics.database_bytes = bytes_of(path) + bytes_of(path.string() + "-wal");
  return metrics;
}

}  // namespace repopipe
