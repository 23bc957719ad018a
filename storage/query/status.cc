#include "storage/query/status.h"

#include <string_view>
#include <system_error>

#include "storage/query/snapshot.h"
#include "storage/sqlite/inspection_vfs.h"
#include "storage/sqlite/run_lock.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLeastVersion = 5;  // runs.ordinal

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
  auto runs = runs_where(database, kAnyRun, job, most);
  const auto finished = runs_where(database, kFinishedRun, job, 1);
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

}  // namespace

Result<DatabaseStatus> status_of(const fs::path& given, const std::string& job, std::size_t most) {
  const auto path = real_path(given);
  if (!path) return fail(path.error());
  DatabaseStatus status{.database = *path, .job = job};
  if (size_of(*path) == 0 && !has_log(*path)) return status;
  const JobName name = job.empty() ? std::nullopt : JobName(job);
  const auto read = [&](Database& database) {
    status = {.database = *path, .exists = true, .job = job, .holder = lock_holder(*path)};
    return read_all(database, name, most, status);
  };
  if (auto done = read_snapshot(*path, kLeastVersion, read); !done) return fail(done.error());
  status.bytes = size_of(*path) + size_of(path->string() + "-wal");
  if (status.job.empty() && !status.runs.empty()) status.job = status.runs.front().job;
  return status;
}

}  // namespace repopipe
