#include "pipeline/command/run_job.h"

#include <csignal>
#include <functional>
#include <optional>

#include "pipeline/command/job_parts.h"
#include "pipeline/command/progress.h"
#include "pipeline/command/streams.h"
#include "pipeline/command/tokens.h"
#include "pipeline/job/login_reader.h"
#include "pipeline/run_graph.h"
#include "storage/ledger.h"
#include "storage/repository_store.h"
#include "storage/run_lock.h"
#include "storage/schema.h"
#include "storage/unsettled_keys.h"

namespace repopipe {
namespace {

// The database of the job, and the run that it is about to keep.
struct OpenRun {
  Database database;
  RunLock lock;
  RunStart start;
  RunTotals before;  // what an interrupted part of this run has settled
};

Result<OpenRun> open_run(const Job& job, Fields fields, Unfinished unfinished, const Clock& clock) {
  const bool waits = job.run.on_overlap == OnOverlap::wait;
  auto database = open_database(job.store.database, fields);
  if (!database) return fail(database.error());
  auto lock = RunLock::acquire(job.store.database, waits ? WhenLocked::wait : WhenLocked::fail);
  if (!lock) return fail(lock.error());
  Ledger ledger(*database);
  const auto start = ledger.begin({job.name, std::string(version()), clock.wall()}, unfinished);
  if (!start) return fail(start.error());
  const auto before = ledger.totals(start->run_id);
  if (!before) return fail(before.error());
  return OpenRun{std::move(*database), std::move(*lock), *start, *before};
}

void stop_on_signal(RunGraph& graph, int signal) {
  const bool is_interrupt = signal == SIGINT;
  graph.stop(RunStatus::interrupted, is_interrupt ? ExitCode::interrupted : ExitCode::terminated,
             std::string(is_interrupt ? "interrupted" : "terminated") +
                 "; the next run goes on where this one stopped");
}

// Says it at once; the line of progress comes again by itself.
std::function<void(const Say&, std::optional<WallTime>)> speaker(const View& view,
                                                                 const Clock& clock) {
  return [view, &clock](const Say& word, std::optional<WallTime> goes_on) {
    const std::string line = words_of(word, goes_on, clock.wall(), view.talk);
    if (line.empty()) return;
    say(view.progress == ProgressShown::yes ? "\r\x1b[K" + line : line);
  };
}

// Everything between an open run and its end: the moving parts live only here.
Result<RunEnd> carry_out(const LoadedJob& loaded, OpenRun& run, const ProviderEntry& entry,
                         std::vector<std::string> tokens, const View& view,
                         const Surroundings& around) {
  const Job& job = loaded.job;
  auto reader = open_reader(job.store.database);
  if (!reader) return fail(reader.error());
  auto store = RepositoryStore::open(run.database, run.start.run_id, entry.fields(), around.clock);
  if (!store) return fail(store.error());
  auto principals = principals_of(job.provider.tokens, tokens, job.provider.base_url);
  const auto engine = make_engine(job, entry, std::move(tokens), around.clock);
  const auto provider = entry.make({job.provider.base_url, job.provider.per_page});
  LoginReader logins(loaded.users);
  UnsettledKeys keys(logins, std::move(*reader), run.start.run_id);
  CountingStore counting(**store);
  Plan plan(plan_options(job, std::move(principals), run.before, around.start), *provider,
            around.start);
  RunGraph graph({plan, keys, *engine, *provider, counting, around.clock,
                  speaker(view, around.clock), job.fetch.max_body, parse_concurrency(job)});
  std::optional<ProgressLine> line;
  if (view.progress == ProgressShown::yes) line.emplace(counting, loaded.users.count);
  around.signals.start([&graph](int signal) { stop_on_signal(graph, signal); });
  const RunEnd end = graph.run();
  around.signals.stop();
  return end;
}

// Writes the end down.  A database that cannot take it makes the run a failed one.
Result<Summary> close_run(const LoadedJob& loaded, OpenRun& run, RunEnd end,
                          const Surroundings& around) {
  const Duration told = end.times.wall();
  end.times.finishing += around.clock.now() - around.start - told;
  Ledger ledger(run.database);
  const Status written = ledger.finish(run.start.run_id, end, around.clock.wall());
  if (!written && end.exit_code != ExitCode::database) {
    end.status = RunStatus::failed;
    end.exit_code = policy_of(written.error().kind).exit_code;
    end.error = written.error().message;
  }
  const auto totals = ledger.totals(run.start.run_id);
  if (!totals) return fail(totals.error());
  auto failed = ledger.failed_users(run.start.run_id, kFailedShown);
  if (!failed) return fail(failed.error());
  return Summary{.job = loaded.job.name,
                 .database = loaded.job.store.database,
                 .run_id = run.start.run_id,
                 .resumed = run.start.resumed,
                 .end = end,
                 .totals = *totals,
                 .failed = std::move(*failed)};
}

}  // namespace

Result<Summary> run_job(const LoadedJob& loaded, const RunOptions& options, const View& view,
                        const Surroundings& around) {
  const Job& job = loaded.job;
  const ProviderEntry* entry = find_provider(job.provider.kind);
  if (entry == nullptr) return fail(FailureKind::internal, "no provider " + job.provider.kind);
  auto tokens = resolve_tokens(job.provider.tokens, around.environment);
  if (!tokens) return fail(tokens.error());
  const Unfinished unfinished = options.fresh ? Unfinished::abandon : Unfinished::resume;
  auto run = open_run(job, entry->fields(), unfinished, around.clock);
  if (!run) return fail(run.error());
  const auto end = carry_out(loaded, *run, *entry, std::move(*tokens), view, around);
  if (!end) return fail(end.error());
  return close_run(loaded, *run, *end, around);
}

}  // namespace repopipe
