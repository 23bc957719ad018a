#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "pipeline/base/system.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"
#include "pipeline/command/commands.h"
#include "pipeline/command/credentials.h"
#include "pipeline/command/run/open_run.h"
#include "pipeline/command/run/run_job.h"
#include "pipeline/command/run/run_outputs.h"
#include "pipeline/model/provider.h"
#include "pipeline/source/subject_source.h"

namespace repopipe {
namespace {

ProgressShown progress_of(const RunOptions& options, const Environment& environment) {
  switch (options.progress) {
    case ProgressMode::always:
      return ProgressShown::yes;
    case ProgressMode::never:
      return ProgressShown::no;
    case ProgressMode::automatic:
      break;
  }
  const bool is_dumb = environment.variable("TERM").value_or("") == "dumb";
  return isatty(STDERR_FILENO) == 1 && !options.quiet && !is_dumb ? ProgressShown::yes
                                                                  : ProgressShown::no;
}

// The summary of a run that did not start.
Summary not_started(const LoadedJob& loaded, const RunOptions& options, const Failure& failure,
                    const Environment& environment) {
  Summary summary{.job = loaded.job.name,
                  .job_file = options.job.string(),
                  .shard = options.shard,
                  .base_url = loaded.job.provider.base_url,
                  .queue = queue_of(loaded.job, environment)};
  summary.end = {.status = RunStatus::failed,
                 .exit_code = policy_of(failure.kind).exit_code,
                 .error = failure.message,
                 .cause = failure.kind};
  return summary;
}

void tell(const Summary& summary, const RunOptions& options) {
  const bool is_good = summary.end.exit_code == ExitCode::complete;
  if (is_good && options.quiet) return;
  const std::string end = end_text(summary), counts = counts_text(summary);
  say(end, is_good ? Priority::info : Priority::error);
  say(counts);
}

ExitCode conclude(const Summary& summary, const RunOptions& options) {
  tell(summary, options);
  const ExitCode exit_code = summary.end.exit_code;
  const bool is_asked = options.summary == SummaryForm::json && summary.began();
  return is_asked ? deliver(to_json(summary), exit_code) : exit_code;
}

Result<Summary> run_loaded(LoadedJob& loaded, const RunOptions& options, RunOutputs& outputs,
                           const ProcessContext& around) {
  if (const std::string change = fit_open_files(loaded.job); !change.empty()) {
    say(fmt::format("repopipe: {}\n", change));
  }
  const RunView view{progress_of(options, around.environment),
                     options.quiet ? Verbosity::warnings : Verbosity::all, outputs};
  try {
    return run_job(loaded, options, view, around);
  } catch (...) {
    return fail(caught());
  }
}

// "job.yaml:3:14: fetch.concurrency is "many": ...; 2 more errors"
Failure failure_of(const LoadedJob& loaded) {
  std::string message = loaded.diagnostics.front().show();
  const std::size_t more = loaded.diagnostics.size() - 1;
  if (more > 0) message += fmt::format("; {} more {}", more, more == 1 ? "error" : "errors");
  return {loaded.trouble, std::move(message)};
}

bool is_skipped(const Result<Summary>& ended, const Job& job) {
  return !ended && ended.error().kind == FailureKind::overlap &&
         job.run.on_overlap == OnOverlap::skip;
}

}  // namespace

ExitCode refuse_run(const RefusedRun& refused, const ProcessContext& around) {
  LoadedJob loaded =
      refused.job.empty() ? LoadedJob{} : load_job_alerts(refused.job, around.environment);
  if (loaded.job.name.empty()) loaded.job.name = "repopipe";
  RunOutputs outputs(loaded, around);
  RunOptions options;
  options.job = refused.job;
  const Summary summary = not_started(loaded, options, refused.failures[0], around.environment);
  const ExitCode exit_code = conclude(summary, options);
  for (std::size_t i = 1; i < refused.failures.size(); ++i) {
    say(refused.failures[i].message + "\n", Priority::error);
  }
  outputs.end(summary, exit_code);
  return exit_code;
}

ExitCode run(const RunOptions& options, const ProcessContext& around) {
  if (options.dry_run) return plan({options, options.summary == SummaryForm::json}, around);
  LoadedJob loaded = load_job(options.job, options.overrides, around.environment);
  const Status good = loaded.diagnostics.empty()
                          ? complete_job(loaded, options.shard, around.environment)
                          : Status(fail(failure_of(loaded)));
  RunOutputs outputs(loaded, around);
  const Result<Summary> ended =
      good ? run_loaded(loaded, options, outputs, around) : Result<Summary>(fail(good.error()));
  if (is_skipped(ended, loaded.job)) {
    if (!options.quiet)
      say(fmt::format("{}: skipped: {}\n", loaded.job.name, ended.error().message));
    return ExitCode::complete;
  }
  const Summary summary =
      ended ? *ended : not_started(loaded, options, ended.error(), around.environment);
  const ExitCode exit_code = conclude(summary, options);
  for (std::size_t i = 1; i < loaded.diagnostics.size(); ++i) {
    say(loaded.diagnostics[i].show() + "\n", Priority::error);
  }
  outputs.end(summary, exit_code);
  return exit_code;
}

}  // namespace repopipe
