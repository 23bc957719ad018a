#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "pipeline/base/system.h"
#include "pipeline/base/units.h"
#include "pipeline/command/commands.h"
#include "pipeline/command/credentials.h"
#include "pipeline/command/open_run.h"
#include "pipeline/command/run_job.h"
#include "pipeline/model/provider.h"
#include "pipeline/source/subject_source.h"

namespace repopipe {
namespace {

ProgressShown progress_of(const RunOptions& options) {
  switch (options.progress) {
    case ProgressMode::always:
      return ProgressShown::yes;
    case ProgressMode::never:
      return ProgressShown::no;
    case ProgressMode::automatic:
      break;
  }
  return isatty(STDERR_FILENO) == 1 && !options.quiet ? ProgressShown::yes : ProgressShown::no;
}

// What the run would resume; reads only.
std::string words_of_unfinished(const LoadedJob& loaded, const RunOptions& options,
                                const Clock& clock) {
  std::error_code ignored;
  const auto& database = loaded.job.store.database;
  if (options.fresh || !std::filesystem::exists(database, ignored)) return {};
  const auto start = run_to_resume(database, description_of(loaded, options, clock),
                                   find_provider(loaded.job.provider.kind)->resources);
  if (!start || !*start) return {};
  return "  resume " + words_of_resumption(**start, loaded.users.count) + "\n";
}

ExitCode describe(const LoadedJob& loaded, const RunOptions& options, const Clock& clock) {
  const Job& job = loaded.job;
  const Shard shard = options.shard;
  const std::string share = shard.is_whole() ? "" : " of shard " + shard.name();
  say(fmt::format("{}: would list {} {}{} from {}\n"
                  "  fetch  {} concurrent requests ({}), {} {}\n"
                  "  store  in {}\n",
                  job.name, show(loaded.users.count), loaded.users.count == 1 ? "user" : "users",
                  share, job.provider.base_url, job.fetch.concurrency,
                  job.fetch.engine == EngineKind::threads ? "threads" : "event_loop",
                  job.provider.tokens.size(), job.provider.tokens.size() == 1 ? "token" : "tokens",
                  job.store.database.string()) +
      words_of_unfinished(loaded, options, clock));
  return ExitCode::complete;
}

// Reports a run that could not start.
ExitCode refuse(const Failure& failure, const Job& job, const RunOptions& options) {
  if (failure.kind == FailureKind::overlap && job.run.on_overlap == OnOverlap::skip) {
    if (!options.quiet) say(fmt::format("{}: skipped: {}\n", job.name, failure.message));
    return ExitCode::complete;
  }
  say(fmt::format("repopipe: {}\n", with_remedy(failure)));
  return policy_of(failure.kind).exit_code;
}

ExitCode tell(const Summary& summary, const RunOptions& options) {
  if (!options.quiet || summary.end.exit_code != ExitCode::complete) {
    say(to_text(summary));
  }
  const ExitCode exit_code = summary.end.exit_code;
  return options.summary == SummaryForm::json ? deliver(to_json(summary), exit_code) : exit_code;
}

// Workers of a queue have limits of their own.
void fit_open_files(Job& job) {
  const std::size_t allowed = open_files_allowed();
  // In the thread engine a handle has a connection and two ends of a socket pair for wake-up.
  const int each = job.fetch.engine == EngineKind::threads ? 3 : 1;
  const int fitting = std::max(1, connections_within(job.fetch.concurrency * each, allowed) / each);
  if (!job.execution.queue.empty() || fitting == job.fetch.concurrency) return;
  say(
      fmt::format("repopipe: fetch.concurrency is reduced to {}: only {} files may be open, see "
                  "ulimit -n\n",
                  fitting, allowed));
  job.fetch.concurrency = fitting;
}

}  // namespace

ExitCode run(const RunOptions& options, const ProcessContext& around) {
  LoadedJob loaded = load_job(options.job, options.overrides, around.environment);
  if (!loaded.diagnostics.empty()) return print_diagnostics(loaded);
  const auto trusted =
      authorities(loaded.job.provider.ca_file, loaded.job.provider.base_url, around.environment);
  if (!trusted) return refuse(trusted.error(), loaded.job, options);
  loaded.job.provider.ca_file = *trusted;
  const auto users = count_users(loaded.users, options.shard);
  if (!users) return refuse(users.error(), loaded.job, options);
  loaded.users.count = *users;
  if (options.dry_run) return describe(loaded, options, around.clock);
  fit_open_files(loaded.job);
  const RunView view{progress_of(options), options.quiet ? Verbosity::warnings : Verbosity::all};
  const auto summary = run_job(loaded, options, view, around);
  if (!summary) return refuse(summary.error(), loaded.job, options);
  return tell(*summary, options);
}

}  // namespace repopipe
