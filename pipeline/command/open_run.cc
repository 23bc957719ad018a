#include "pipeline/command/open_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/units.h"
#include "pipeline/base/url.h"
#include "pipeline/command/digest.h"
#include "storage/schema/schema.h"

namespace repopipe {
namespace {

// What makes a job another one: its file, its users, its options and its shard.
std::string digest_of_job(const LoadedJob& loaded, const RunOptions& options) {
  std::string text = std::to_string(loaded.fingerprint);
  if (!options.shard.is_whole()) text += "\nshard " + options.shard.name();
  for (const std::string& each : options.overrides) text += "\n" + each;
  return digest_of(text);
}

}  // namespace

RunDescription description_of(const LoadedJob& loaded, const RunOptions& options,
                              const Clock& clock) {
  const Job& job = loaded.job;
  return {.job = job.name,
          .version = std::string(version()),
          .started_at = clock.wall(),
          .job_digest = digest_of_job(loaded, options),
          .shard = options.shard,
          .api = {job.provider.kind, host_of(job.provider.base_url)},
          .accepts_host = options.accepts_host,
          .resume_within = job.run.resume_within};
}

Result<RunLock> take_lock(const Job& job, const Clock& clock, Time start, const Remark& remark) {
  const auto& database = job.store.database;
  if (auto good = check_place(database); !good) return fail(good.error());
  const Time deadline = start + job.run.deadline;
  LockWait wait{
      .when_locked = job.run.on_overlap == OnOverlap::wait ? WhenLocked::wait : WhenLocked::fail,
      .told = remark,
      .stops = [&clock, &database, deadline]() -> std::optional<Failure> {
        if (clock.now() < deadline) return std::nullopt;
        return Failure{FailureKind::limit,
                       database.string() + ": another run still uses it at run.deadline"};
      }};
  auto lock = RunLock::acquire(database, wait);
  if (lock || lock.error().kind != FailureKind::overlap || job.run.on_overlap != OnOverlap::fail) {
    return lock;
  }
  return fail(FailureKind::overlap,
              lock.error().message + "; with run.on_overlap: wait a run waits for its end");
}

Result<OpenRun> open_run(const LoadedJob& loaded, const RunOptions& options, Fields fields,
                         const Clock& clock, const Remark& remark) {
  auto database = open_database(loaded.job.store.database, fields, remark);
  if (!database) return fail(database.error());
  RunTable run_table(*database);
  const Unfinished unfinished = options.fresh ? Unfinished::abandon : Unfinished::resume;
  const auto start = run_table.begin(description_of(loaded, options, clock), unfinished);
  if (!start) return fail(start.error());
  const auto before = run_table.totals(start->run_id);
  if (!before) return fail(before.error());
  return OpenRun{std::move(*database), *start, *before};
}

std::string words_of_resumption(const RunStart& start, std::uint64_t users) {
  const std::uint64_t left = users - std::min(users, start.settled);
  std::string begun = start.started_at.substr(0, 16);
  std::ranges::replace(begun, 'T', ' ');
  return fmt::format("run {} of {}: {} of {} {} done, {} left", start.run_id, begun,
                     show(start.settled), show(users), users == 1 ? "user is" : "users are",
                     show(left));
}

Status PlacedStore::commit() {
  if (auto whole = watch_.check(); !whole) {
    inner_.abandon();
    return whole;
  }
  return inner_.commit();
}

}  // namespace repopipe
