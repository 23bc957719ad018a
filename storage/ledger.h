// The table `runs`: which run this is, what it came to, and which unfinished one goes on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/core/run.h"
#include "pipeline/core/shard.h"
#include "storage/database.h"
#include "storage/vanished.h"

namespace repopipe {

struct RunDescription {
  std::string job;
  std::string version;  // of this program
  WallTime started_at{};
  std::string job_digest{};  // of the job file, to tell whether it has changed; empty: unknown
  Shard shard{};             // of the job's users
};

// What becomes of a run of the same job and shard that was not finished.
enum class Unfinished { resume, abandon };

struct RunStart {
  std::int64_t run_id = 0;
  bool resumed = false;
  std::uint64_t settled = 0;  // users that an earlier part of the run settled
  bool job_changed = false;   // since the earlier part, whose digest is known
};

// Threading: that of the Database, which must outlive it.
class Ledger {
 public:
  explicit Ledger(Database& database) : database_(database) {}

  // Goes on with the newest run of the job's shard if that is neither `complete` nor `incomplete`,
  // else begins a new one.  An unfinished run that is abandoned and still `running` becomes
  // `interrupted`.  Runs of other shards, and those that a merge brought, are left alone.
  Result<RunStart> begin(const RunDescription& description, Unfinished unfinished);

  // Writes totals, times and the end, and in the same transaction marks as gone what is missing, if
  // the run came to its end.  Times add up over the parts of a resumed run.  A run whose end could
  // not be written stays `running`, and the next one goes on with it.
  Result<RunTotals> finish(std::int64_t run_id, const RunEnd& end, Marks marks,
                           WallTime finished_at);

  // Counted from the tables, so it is right for a resumed run, and while a run goes on.
  Result<RunTotals> totals(std::int64_t run_id);

  // What the API said of one of the users without a list, refusals first; empty: nothing is known.
  Result<std::string> first_error(std::int64_t run_id);

  // The first `most` users that failed, by login.
  Result<std::vector<FailedUser>> failed_users(std::int64_t run_id, std::size_t most);

 private:
  Result<RunStart> resume(std::int64_t run_id, const RunDescription& description);
  Result<std::uint64_t> count_newly_blocked(std::int64_t run_id);
  Status write_end(std::int64_t run_id, const RunEnd& end, WallTime finished_at);
  Result<RunStart> insert(const RunDescription& description);

  Database& database_;
};

}  // namespace repopipe
