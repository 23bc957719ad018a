// Removes old rows from the log of runs: `requests`, `run_users` and `run_listings`.  Used after a
// run and by `repopipe prune`.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/run.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// How long rows are kept after the beginning of their run; kForever: they are not removed.  The
// rows of `users` whose outcome is `unchanged` are kept for the shorter of both times.
struct Retention {
  std::chrono::milliseconds requests{};
  std::chrono::milliseconds users{};
  std::optional<std::string> job{};  // runs of this job only; nothing: of all jobs
};

// The two newest runs of each job and shard, and the newest finished one, keep their rows whatever
// their age: a run resumes or continues the first two and is compared with the last one, and the
// views of the latest run read them.
// Threading: that of the Database.
class RowRemoval {
 public:
  // Both outlive this.  `now`: the time that ages are counted from.
  RowRemoval(Database& database, Retention retention, WallTime now);

  // What `run` would remove.  Only reads.
  Result<RemovedRows> count();

  // Called between two transactions.
  struct Hooks {
    std::function<bool()> stops{};    // true: ends the removal; the next one continues it
    std::function<Status()> check{};  // before each commit; a failure ends the removal
  };
  // Removes rows in short transactions.  The requests of a run that never ended are counted into
  // `run_requests` first.  After a failure, what was committed stays removed.
  Result<RemovedRows> run(const Hooks& hooks);

  // Makes the file smaller if more than `share` of its pages are free.  Only a file that was
  // created with incremental vacuum, see page_settings.
  Status give_back_pages(double share, const Hooks& hooks);

 private:
  Result<std::vector<std::int64_t>> runs_with_old(std::string_view rows,
                                                  std::chrono::milliseconds kept);
  Status remove_log_of(std::int64_t run_id, const Hooks& hooks);
  Status remove_requests_of(std::int64_t run_id, const Hooks& hooks);
  Status remove_users_of(std::int64_t run_id, std::string_view condition, const Hooks& hooks);
  Result<std::uint64_t> remove(Statement& statement, const Hooks& hooks);
  bool stops(const Hooks& hooks);
  std::chrono::milliseconds kept_unchanged() const;

  Database& database_;
  const Retention retention_;
  const WallTime now_;
  RemovedRows removed_{};
};

}  // namespace repopipe
