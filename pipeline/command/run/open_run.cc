#include "pipeline/command/run/open_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/units.h"
#include "pipeline/base/url.h"
#include "pipeline/command/credentials.h"
#include "pipeline/source/subject_source.h"
#include "pipeline/workers/executors.h"
#include "stages/fetch/http_client.h"
#include "storage/schema/schema.h"

namespace repopipe {
namespace {

// A digest of everything that makes it a different job: file, users, options and shard.
std::string digest_of_job(const LoadedJob& loaded, const RunOptions& options) {
  std::string text = std::to_string(loaded.fingerprint);
  if (!options.shard.is_whole()) text += "\nshard " + options.shard.name();
  for (const std::string& each : options.overrides) text += "\n" + each;
  return digest_of(text);
}

}  // namespace

std::string fit_open_files(Job& job) {
  const std::size_t allowed = open_files_allowed();
  // In the thread engine a handle has a connection and two ends of a socket pair for wake-up.
  const int each = job.fetch.engine == EngineKind::threads ? 3 : 1;
  const int fitting = std::max(1, connections_within(job.fetch.concurrency * each, allowed) / each);
  if (!job.execution.queue.empty() || fitting == job.fetch.concurrency) return {};
  job.fetch.concurrency = fitting;
  return fmt::format("fetch.concurrency is reduced to {}: only {} files may be open, see ulimit -n",
                     fitting, allowed);
}

Status complete_job(LoadedJob& loaded, Shard shard, const Environment& environment) {
  Job::Provider& provider = loaded.job.provider;
  auto trusted = authorities(provider.ca_file, provider.base_url, environment);
  if (!trusted) return fail(trusted.error());
  provider.ca_file = std::move(*trusted);
  const auto users = count_users(loaded.users, shard);
  if (!users) return fail(users.error());
  loaded.users.count = *users;
  return {};
}

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

namespace {

// Pause before an unreachable API is tried again.
constexpr std::chrono::milliseconds kShortestPause{100};

LimitOptions limit_options(const Job& job, std::size_t exchanges) {
  const auto requests = static_cast<std::size_t>(job.limits.requests_per_minute);
  const std::chrono::seconds response(job.limits.response_seconds_per_minute);
  return {.pace = {.requests_per_minute = requests, .response_per_minute = response},
          .concurrency = exchanges,
          .reserve = static_cast<std::uint64_t>(job.limits.reserve),
          .first_pause = std::max(job.fetch.backoff, kShortestPause)};
}

}  // namespace

PlanOptions plan_options(const Job& job, std::vector<Principal> principals, const RunTotals& before,
                         Time start) {
  // Half as many tasks again as concurrent requests, so that fetch never waits for a task, and a
  // few more for small jobs.  Further pages keep the writer busy while others wait for the API, and
  // the API busy while the writer waits for the disk.
  const auto exchanges = static_cast<std::size_t>(work_settings(job).concurrency);
  const std::size_t most_out = exchanges + exchanges / 2 + 32;
  return {.credits = most_out + 128,
          .most_out = most_out,
          .attempts = job.fetch.attempts,
          .per_page = job.provider.per_page,
          .backoff = job.fetch.backoff,
          .deadline = start + job.run.deadline,
          .max_wait = job.run.max_wait,
          .connect_wait = job.run.connect_wait,
          .has_proxy_login = has_proxy_login(job.provider.base_url),
          .api = job.provider.base_url,
          .limits = limit_options(job, exchanges),
          .fail_ratio = job.run.fail_ratio,
          .principals = std::move(principals),
          .checks_tokens = find_provider(job.provider.kind)->ignores_wrong_tokens,
          .seed = static_cast<std::uint64_t>(start.time_since_epoch().count()),
          .users_before = before.users(),
          .failures_before = before.failed,
          .lists_failed_before = before.lists_failed};
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
                       database.string() + ": another run still holds it at run.deadline"};
      }};
  auto lock = RunLock::acquire(database, wait);
  if (lock && job.store.access == FileAccess::group) lock->share_with_group();
  if (lock || lock.error().kind != FailureKind::overlap || job.run.on_overlap != OnOverlap::fail) {
    return lock;
  }
  return fail(
      FailureKind::overlap,
      lock.error().message + "; with run.on_overlap: wait, a run waits for the other one to end");
}

Result<OpenRun> open_run(const LoadedJob& loaded, const RunOptions& options, Resources resources,
                         const Clock& clock, const Remark& remark) {
  auto database = open_database(loaded.job.store.database, resources, remark, loaded.users.count);
  if (!database) return fail(database.error());
  RunTable run_table(*database, resources);
  const Unfinished unfinished = options.fresh ? Unfinished::abandon : Unfinished::resume;
  const auto start = run_table.begin(description_of(loaded, options, clock), unfinished);
  if (!start) return fail(start.error());
  const auto before = run_table.totals(start->run_id);
  if (!before) return fail(before.error());
  return OpenRun{std::move(*database), resources, *start, *before};
}

std::string words_of_resumption(const RunStart& start, std::uint64_t users) {
  const std::uint64_t left = users - std::min(users, start.settled);
  std::string begun = start.started_at.substr(0, 16);
  std::ranges::replace(begun, 'T', ' ');
  if (start.settled > users) {  // lists have brought more than the job names
    return fmt::format("run {} of {}: {} users are done", start.run_id, begun, show(start.settled));
  }
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
