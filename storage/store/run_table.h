// The table `runs`: which run this is, what it came to, and which unfinished one goes on.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
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
  std::string job_digest{};  // of the job file, to tell whether it has changed; empty: unknown
  Shard shard{};             // of the job's users
  Api api{};
  bool accepts_host = false;  // the API of the runs so far has another name now
  std::chrono::milliseconds resume_within = std::chrono::hours(24 * 365 * 100);
};

// What becomes of a run of the same job and shard that was not finished.
enum class Unfinished { resume, abandon };

struct RunStart {
  std::int64_t run_id = 0;
  bool resumed = false;
  std::uint64_t settled = 0;            // users that an earlier part of the run settled
  bool job_changed = false;             // since the earlier part, whose digest is known
  std::string started_at{};             // when its first part began
  std::optional<std::int64_t> after{};  // the run before it, if that was not finished
};

// Threading: that of the Database, which must outlive it, as must `resources`.
class RunTable {
 public:
  RunTable(Database& database, Resources resources)
      : database_(database), resources_(columns_of(resources)) {}

  // Goes on with the newest run of the job's shard if that is neither `complete` nor `incomplete`,
  // and began no longer ago than `resume_within`, else begins a new one.  An unfinished run that is
  // abandoned and still `running` becomes `interrupted`.  Runs of other shards, and those that a
  // merge brought, are left alone.  A database that holds what another API told is a failure of
  // kind `job`, and nothing is written.
  Result<RunStart> begin(const RunDescription& description, Unfinished unfinished);

  // Writes totals, times and the end, and in the same transaction marks as gone what is missing, if
  // the run came to its end.  Times add up over the parts of a resumed run.  A run whose end could
  // not be written stays `running`, and the next one goes on with it.
  // Answers with the sums; what a run is judged by is counted by `totals`.
  Result<RunTotals> finish(std::int64_t run_id, const RunEnd& end, Marks marks,
                           WallTime finished_at);

  // Counted from the tables, so it is right for a resumed run, and while a run goes on.
  Result<RunTotals> totals(std::int64_t run_id);

  // What the API said of one of the users without a list, refusals first; empty: nothing is known.
  Result<std::string> first_error(std::int64_t run_id);

  // The first `most` lists and users that failed, by login; lists come first.
  Result<std::vector<FailedUser>> failed_users(std::int64_t run_id, std::size_t most);

 private:
  Status check_api(const RunDescription& description);
  Result<RunTotals> sums_of(std::int64_t run_id);
  Result<RunStart> resume(std::int64_t run_id, const RunDescription& description);
  Result<std::uint64_t> count_newly_blocked(std::int64_t run_id);
  Status write_end(std::int64_t run_id, const RunEnd& end, WallTime finished_at);
  Result<RunStart> insert(const RunDescription& description);

  Database& database_;
  std::vector<ResourceColumns> resources_;
};

// The run that RunTable::begin would go on with.  The file is only read.
Result<std::optional<RunStart>> run_to_resume(const std::filesystem::path& path,
                                              const RunDescription& description,
                                              Resources resources);

}  // namespace repopipe
