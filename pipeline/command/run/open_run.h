// The begin and the end of a run: checks what it needs, locks and opens its database, starts or
// resumes its row, and judges its totals at the end.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/system.h"
#include "pipeline/base/units.h"
#include "pipeline/command/commands.h"
#include "pipeline/job/document/files.h"
#include "pipeline/job/load.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/resource.h"
#include "pipeline/plan/plan.h"
#include "pipeline/report/summary.h"
#include "storage/sqlite/file_watch.h"
#include "storage/sqlite/run_lock.h"
#include "storage/store/run_table.h"

namespace repopipe {
// The open, locked database of a job, and its run.

struct OpenRun {
  Database database;
  Resources resources;
  RunStart start;
  RunTotals before;  // totals of the earlier parts of this run
};

using Remark = std::function<void(const std::string&)>;

// Reduces fetch.concurrency to what the limit on open files allows.  Returns a line about that;
// empty: nothing is reduced.  Workers of a queue have limits of their own.
std::string fit_open_files(Job& job);

// Completes a job without errors with what is not in its file.
Status complete_job(LoadedJob& loaded, Shard shard, const Environment& environment);

RunDescription description_of(const LoadedJob& loaded, const RunOptions& options,
                              const Clock& clock);

// Settings of the plan.  `before`: totals of earlier parts of the run; `start`: start of this part.
PlanOptions plan_options(const Job& job, std::vector<Principal> principals, const RunTotals& before,
                         Time start);

// Call it before anything is created or opened.  Waits at most until run.deadline after `start`.
Result<RunLock> take_lock(const Job& job, const Clock& clock, Time start, const Remark& remark);

// The caller holds the lock until the database is closed.
Result<OpenRun> open_run(const LoadedJob& loaded, const RunOptions& options, Resources resources,
                         const Clock& clock, const Remark& remark);

// "resumes run 17 of 2026-11-27 03:00: 104 of 200 users are done, 96 are left"
std::string words_of_resumption(const RunStart& start, std::uint64_t users);

// Commits only if the file is still the one that was opened, and was not changed by others.
class PlacedStore final : public Store {
 public:
  PlacedStore(Store& inner, FileWatch& watch) : inner_(inner), watch_(watch) {}

  Result<Stored> add(const Listing& listing) override { return inner_.add(listing); }
  Status commit() override;
  void abandon() noexcept override { inner_.abandon(); }

 private:
  Store& inner_;
  FileWatch& watch_;
};

// Address of the queue without secrets; empty: none.
std::string queue_of(const Job& job, const Environment& environment);

// Writes the end of the run.  It is incomplete, with the reason, if too many records are missing,
// if users that were listed before are refused now, or if no user was listed.  If the database
// fails, the run has failed.
Result<Summary> close_run(const LoadedJob& loaded, const RunOptions& options, OpenRun& run,
                          FileWatch& watch, RunEnd end, const ProcessContext& around);

// The summary after the last checkpoint: the run has failed if the file is damaged or lost.
Summary checked_at_end(Summary summary, FileWatch& watch);

}  // namespace repopipe
