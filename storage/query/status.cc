#include "storage/query/status.h"

#include <sys/stat.h>

#include <string_view>
#include <system_error>

#include "storage/query/snapshot.h"
#include "storage/sqlite/inspection_vfs.h"
#include "storage/sqlite/run_lock.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLeastVersion = 5;  // runs.ordinal

// ?1: the job; NULL: all.  `%` is replaced by a condition.
constexpr std::string_view kRunsWhere = R"sql(
SELECT id, job, shard, status, exit_code, error, started_at, finished_at, wall_ms, merged,
       users_ok, users_unchanged, users_not_found, users_renamed, users_blocked, users_failed,
       repos_seen, repos_new, repos_changed, repos_gone, requests, bytes, requests_unchanged
FROM runs WHERE (?1 IS NULL OR job = ?1) AND %
ORDER BY ordinal DESC, id DESC LIMIT ?2)sql";

constexpr std::string_view kAny = "TRUE";
constexpr std::string_view kFinished = "status IN ('complete', 'incomplete')";
constexpr std::string_view kComplete = "status = 'complete'";
// The newest run of each shard, as RunTable::begin looks for it.
constexpr std::string_view kUnfinished =
    "status NOT IN ('complete', 'incomplete') AND id IN "
    "(SELECT max(id) FROM runs WHERE merged = 0 GROUP BY job, shard)";
constexpr std::size_t kMostShards = 1000;

constexpr std::string_view kSettled = R"sql(
SELECT count(*), total(outcome = 'failed') FROM run_users WHERE run_id = ?1)sql";

constexpr std::string_view kHeld =
    "SELECT count(*), count(DISTINCT owner_id) FROM repos WHERE gone_since IS NULL";

using JobName = std::optional<std::string_view>;

RunTotals totals_in(const Statement& row, int column) {
  const auto next = [&] { return static_cast<std::uint64_t>(row.integer(column++)); };
  RunTotals totals;
  for (std::uint64_t RunTotals::*member :
       {&RunTotals::ok, &RunTotals::unchanged, &RunTotals::not_found, &RunTotals::renamed,
        &RunTotals::blocked, &RunTotals::failed, &RunTotals::repos_seen, &RunTotals::repos_new,
        &RunTotals::repos_changed, &RunTotals::repos_gone, &RunTotals::requests, &RunTotals::bytes,
        &RunTotals::not_modified}) {
    totals.*member = next();
  }
  return totals;
}

RunRecord record_in(const Statement& row) {
  const auto text = [&row](int column) { return std::string(row.text(column)); };
  RunRecord run{.run_id = row.integer(0),
                .job = text(1),
                .shard = text(2),
                .status = text(3),
                .exit_code = std::nullopt,
                .error = text(5),
                .started_at = text(6),
                .finished_at = text(7),
                .wall_ms = row.real(8),
                .merged = row.integer(9) == 1,
                .totals = totals_in(row, 10)};
  if (!row.is_null(4)) run.exit_code = static_cast<int>(row.integer(4));
  return run;
}

Result<std::vector<RunRecord>> runs_where(Database& database, std::string_view condition,
                                          JobName job, std::size_t most) {
  std::string sql(kRunsWhere);
  sql.replace(sql.find('%'), 1, condition);
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  statement->bind(job, most);
  std::vector<RunRecord> runs;
  for (;;) {
    const auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return runs;
    runs.push_back(record_in(*statement));
  }
}

Status read_settled(Database& database, UnsettledRun& open) {
  auto statement = database.prepare(kSettled);
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(open.run.run_id).step();
  if (!row) return fail(row.error());
  open.settled = static_cast<std::uint64_t>(statement->integer(0));
  open.failed = static_cast<std::uint64_t>(statement->real(1));
  return {};
}

// A run with status `running` runs if a process holds the lock; otherwise it was killed.
Status read_open_runs(Database& database, JobName job, DatabaseStatus& status) {
  auto runs = runs_where(database, kUnfinished, job, kMostShards);
  if (!runs) return fail(runs.error());
  for (RunRecord& run : *runs) {
    UnsettledRun open{.run = std::move(run)};
    if (auto done = read_settled(database, open); !done) return done;
    const bool is_running =
        open.run.status == "running" && !status.holder.empty() && !status.running;
    if (is_running) {
      status.running = std::move(open);
    } else {
      status.unfinished.push_back(std::move(open));
    }
  }
  return {};
}

Status read_held(Database& database, DatabaseStatus& status) {
  auto statement = database.prepare(kHeld);
  if (!statement) return fail(statement.error());
  const auto row = statement->step();
  if (!row) return fail(row.error());
  status.repositories = static_cast<std::uint64_t>(statement->integer(0));
  status.users = static_cast<std::uint64_t>(statement->integer(1));
  return {};
}

Status read_all(Database& database, JobName job, std::size_t most, DatabaseStatus& status) {
  auto runs = runs_where(database, kAny, job, most);
  const auto finished = runs_where(database, kFinished, job, 1);
  const auto complete = runs_where(database, kComplete, job, 1);
  if (!runs) return fail(runs.error());
  if (!finished) return fail(finished.error());
  if (!complete) return fail(complete.error());
  status.runs = std::move(*runs);
  if (!finished->empty()) status.usual = finished->front().totals.users();
  if (!complete->empty()) status.last_complete = complete->front().finished_at;
  const Status held = read_held(database, status);
  return held ? read_open_runs(database, job, status) : held;
}

std::uint64_t size_of(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : size;
}

// Looks into the list of the system's locks: to try the lock could make a run fail that begins now.
std::string holder_of(const fs::path& path) {
  struct stat file {};
  return ::stat(path.c_str(), &file) == 0 ? lock_holder(file) : std::string();
}

}  // namespace

Result<DatabaseStatus> status_of(const fs::path& given, const std::string& job, std::size_t most) {
  const auto path = real_path(given);
  if (!path) return fail(path.error());
  DatabaseStatus status{.database = *path, .job = job};
  if (size_of(*path) == 0 && !has_log(*path)) return status;
  const JobName name = job.empty() ? std::nullopt : JobName(job);
  const auto read = [&](Database& database) {
    status = {.database = *path, .exists = true, .job = job, .holder = holder_of(*path)};
    return read_all(database, name, most, status);
  };
  if (auto done = read_snapshot(*path, kLeastVersion, read); !done) return fail(done.error());
  status.bytes = size_of(*path) + size_of(path->string() + "-wal");
  if (status.job.empty() && !status.runs.empty()) status.job = status.runs.front().job;
  return status;
}

}  // namespace repopipe
