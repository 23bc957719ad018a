#include "pipeline/command/commands.h"

#include <fmt/format.h>

#include "pipeline/base/subprocess.h"
#include "pipeline/base/system.h"
#include "pipeline/base/text.h"
#include "pipeline/base/units.h"
#include "pipeline/base/url.h"
#include "pipeline/command/credentials.h"
#include "pipeline/command/signals.h"
#include "pipeline/describe/check_report.h"
#include "pipeline/job/bind.h"
#include "pipeline/job/job.h"
#include "pipeline/job/load.h"
#include "pipeline/model/provider.h"
#include "pipeline/report/figures.h"
#include "pipeline/workers/executors.h"
#include "pipeline/workers/processes/process_pool.h"
#include "pipeline/workers/queue/queue_worker.h"
#include "storage/merge/merge.h"
#include "storage/schema/schema.h"
#include "storage/sqlite/file_watch.h"
#include "storage/sqlite/run_lock.h"

namespace repopipe {
ExitCode print_diagnostics(const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) say(diagnostic.show() + "\n");
  return ExitCode::bad_job;
}

ExitCode print_diagnostics(const LoadedJob& loaded) {
  print_diagnostics(loaded.diagnostics);
  return policy_of(loaded.trouble).exit_code;
}

namespace {

ExitCode report(const std::vector<Diagnostic>& diagnostics, bool json, ExitCode exit_code) {
  if (json) return deliver(diagnostics_json(diagnostics), exit_code);
  print_diagnostics(diagnostics);
  return exit_code;
}

ExitCode check_job(const std::filesystem::path& job, const CheckOptions& options,
                   const ProcessContext& around) {
  const LoadedJob loaded = load_job(job, options.overrides, around.environment);
  if (!loaded.diagnostics.empty()) {
    return report(loaded.diagnostics, options.json, policy_of(loaded.trouble).exit_code);
  }
  const auto diagnostics = check_surroundings(loaded, around.environment);
  if (!diagnostics.empty()) return report(diagnostics, options.json, ExitCode::bad_job);
  if (!options.json) {
    say(fmt::format("{}: good, names {} {}\n", job.string(), show(loaded.users.count),
                    loaded.users.count == 1 ? "user" : "users"));
  }
  ExitCode code = ExitCode::complete;
  if (options.effective)
    code = deliver(options.json ? effective_json(loaded) : effective_text(loaded));
  return options.online && code == ExitCode::complete ? check_online(loaded, around) : code;
}

}  // namespace

// All files are checked; the first error decides about the exit code.
ExitCode check(const CheckOptions& options, const ProcessContext& around) {
  ExitCode first = ExitCode::complete;
  for (const std::filesystem::path& job : options.jobs) {
    const ExitCode code = check_job(job, options, around);
    if (first == ExitCode::complete) first = code;
  }
  return first;
}

namespace {

std::string words_of(const Merged& merged) {
  if (merged == Merged{}) return "nothing new";
  return fmt::format("{}, {}, {} ({} new)", counted(merged.runs, "run", "runs"),
                     counted(merged.users, "user", "users"),
                     counted(merged.repositories, "repository", "repositories"),
                     show(merged.new_repositories));
}

// All files are checked before anything is created or locked.
Result<const Provider*> check(const MergeOptions& options) {
  if (auto done = tell_apart(options.into, options.from); !done) return fail(done.error());
  for (const auto& from : options.from) {
    if (auto done = check_mergeable(from); !done) return fail(done.error());
  }
  const auto api = same_api(options.into, options.from);
  if (!api) return fail(api.error());
  const std::string kind = *api ? (*api)->provider : Job{}.provider.kind;
  if (const Provider* provider = find_provider(kind)) return provider;
  return fail(FailureKind::output,
              fmt::format("{}: its provider is {}, which this version does not know; use the newer "
                          "repopipe",
                          options.from.front().string(), kind));
}

Status fold_all(const MergeOptions& options) {
  const auto provider = check(options);
  if (!provider) return fail(provider.error());
  const Resources resources = (*provider)->resources;
  const auto told = [&options](const std::string& line) {
    if (!options.quiet) say(fmt::format("repopipe: {}\n", line));
  };
  if (auto good = check_place(options.into); !good) return fail(good.error());
  auto lock = RunLock::acquire(options.into);
  if (!lock) return fail(lock.error());
  auto into = open_database(options.into, resources, told);
  if (!into) return fail(into.error());
  auto watch = FileWatch::begin(*into, *lock);
  if (!watch) return fail(watch.error());
  Merge merge(*into, resources);
  if (auto done = merge.number_runs(options.from); !done) return done;
  for (const auto& from : options.from) {
    if (auto whole = (*watch)->check(); !whole) return whole;
    const auto merged = merge.fold(from);
    if (!merged) {
      const auto whole = (*watch)->check();
      return fail(whole ? merged.error() : whole.error());
    }
    if (!options.quiet) say(fmt::format("{}: {}\n", from.string(), words_of(*merged)));
  }
  return (*watch)->check_end();
}

}  // namespace

ExitCode merge(const MergeOptions& options) {
  const Status done = fold_all(options);
  if (done) return ExitCode::complete;
  say(fmt::format("repopipe: {}\n", with_remedy(done.error())));
  return policy_of(done.error().kind).exit_code;
}

namespace {

ExitCode refuse(const Failure& failure) {
  say(fmt::format("repopipe: {}\n", failure.message));
  return policy_of(failure.kind).exit_code;
}

Result<std::optional<std::filesystem::path>> trusted_by(const WorkerOptions& options,
                                                        const std::string& base_url,
                                                        const Environment& environment) {
  if (options.ca_file.empty()) return authorities(std::nullopt, base_url, environment);
  const std::string complaint = complaint_about_certificates(options.ca_file);
  if (complaint.empty()) return options.ca_file;
  return fail(FailureKind::usage, fmt::format("--ca-file is {}: {}",
                                              in_quotes(options.ca_file.string(), 300), complaint));
}

Result<WorkerSettings> settings_of(const WorkerOptions& options, const Environment& environment) {
  auto address = resolve_queue(options.queue, environment, "--queue");
  if (!address) return fail(FailureKind::usage, address.error().message);
  const BaseUrl base_url = check_base_url(options.base_url);
  if (!base_url.complaint.empty()) {
    return fail(FailureKind::usage, "--base-url " + base_url.complaint);
  }
  auto trusted = trusted_by(options, base_url.text, environment);
  if (!trusted) return fail(trusted.error());
  const auto tokens = resolve_tokens(options.tokens, environment,
                                     {.name = "--token", .limit = "the most for a command"});
  if (!tokens) return fail(tokens.error());
  WorkerSettings settings{.address = std::move(*address),
                          .version = std::string(version()),
                          .base_url = base_url.text,
                          .processes = options.processes};
  settings.ca_file = std::move(*trusted);
  const auto principals = principals_of(options.tokens, *tokens, "--token");
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    settings.tokens.emplace(principals[i].identity, (*tokens)[i]);
  }
  settings.warn = [](const std::string& line) { say(fmt::format("repopipe: {}\n", line)); };
  if (!options.quiet) settings.remark = settings.warn;
  return settings;
}

// A worker process.  The run ends it by closing its socket; it ignores signals to the process
// group, which are for the run.
ExitCode work_for_pool(int socket, const ProcessContext& around) {
  die_with_parent();
  around.signals.start([](int) {}, LaterSignals::told);
  return work_for_run(socket, version(), around.clock);
}

}  // namespace

ExitCode worker(const WorkerOptions& options, const ProcessContext& around) {
  if (options.socket >= 0) return work_for_pool(options.socket, around);
  auto settings = settings_of(options, around.environment);
  if (!settings) return refuse(settings.error());
  settings->open_pool = [&around](PoolOptions pool) {
    return std::make_unique<ProcessPool>(std::move(pool), Resources{}, around.clock);
  };
  QueueWorker queue_worker(std::move(*settings), around.clock);
  around.signals.start([&queue_worker](int signal) {
    say(fmt::format("repopipe: {}\n", words_of_stop(signal, "the requests in flight")));
    queue_worker.stop();
  });
  const Status worked = queue_worker.run();
  around.signals.stop();
  return worked ? ExitCode::complete : refuse(worked.error());
}

}  // namespace repopipe
