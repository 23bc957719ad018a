// The table `runs`: begins and resumes runs, and writes their totals and their end.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model/run.h"
#include "storage/schema/schema.h"
#include "storage/sqlite/database.h"
#include "storage/store/missing_repos.h"

namespace repopipe {

struct RunDescription {
  std::string job;
  std::string version;  // of this program
  WallTime started_at{};
  std::string job_digest{};  // of the job file, to detect changes; empty: unknown
  Shard shard{};             // of the job's users
  Api api{};
  bool accepts_host = false;  // the host of the API may differ from that of earlier runs
  std::chrono::milliseconds resume_within = std::chrono::hours(24 * 365 * 100);
};

// What to do with an unfinished run of the same job and shard.
enum class Unfinished { resume, abandon };

struct RunStart {
  std::int64_t run_id = 0;
  std::string uid{};  // `runs.uid`
  bool resumed = false;
  std::uint64_t settled = 0;            // users that an earlier part of the run settled
  bool job_changed = false;             // since the earlier part; false if its digest is unknown
  std::string started_at{};             // of its first part
  std::optional<std::int64_t> after{};  // the previous run, if it was not finished
};

// Threading: that of the Database, which outlives this, as do `resources`.
class RunTable {
 public:
  RunTable(Database& database, Resources resources)
      : database_(database), resources_(columns_of(resources)) {}

  // Resumes the newest run of the job's shard if it is neither `complete` nor `incomplete` and
  // began within `resume_within`; otherwise begins a new run.  An abandoned run that is still
  // `running` becomes `interrupted`.  Runs of other shards and runs from a merge do not change.  If
  // the database has data of another API, fails with kind `job` and writes nothing.
  Result<RunStart> begin(const RunDescription& description, Unfinished unfinished);

  // Writes totals, times, waits, tokens and the end.  If no user is left, marks missing accounts
  // and records as gone in the same transaction.  Times add up over the parts of a resumed run.
  // After a failure the run stays `running`, and the next run resumes it. Returns the sums only;
  // `totals` also counts the vanished.
  Result<RunTotals> finish(std::int64_t run_id, const RunEnd& end, Marks marks,
                           WallTime finished_at);

  // Counted from the tables, so it is correct for a resumed run and during a run.
  Result<RunTotals> totals(std::int64_t run_id);

  // The error of one of the users without a list, refusals first; empty: there is none.
  Result<std::string> first_error(std::int64_t run_id);

  // The first `most` lists and users that failed, by login; lists come first.
  Result<std::vector<FailedUser>> failed_users(std::int64_t run_id, std::size_t most);

 private:
  // `requests`: how those of the run are counted, in SQL.
  Result<RunTotals> sums_of(std::int64_t run_id, std::string_view requests);
  Result<RunStart> resume(std::int64_t run_id, const RunDescription& description);
  Result<std::uint64_t> count_newly_blocked(std::int64_t run_id);
  Status count_requests(std::int64_t run_id);
  Status write_waits(std::int64_t run_id, const RunTimes& times);
  Status write_tokens(std::int64_t run_id, const std::vector<TokenState>& tokens);
  Status write_end(std::int64_t run_id, const RunEnd& end, WallTime finished_at);
  Result<RunStart> insert(const RunDescription& description);

  Database& database_;
  std::vector<ResourceColumns> resources_;
};

// Fails with kind `job` if the database has data of another API.
Status check_api(Database& database, const RunDescription& description);

// The run that RunTable::begin would resume.  Only reads; the schema is that of this version.
Result<std::optional<RunStart>> run_to_resume(Database& database, const RunDescription& description,
                                              Resources resources);

}  // namespace repopipe
