#include <fmt/format.h>

#include "pipeline/base/subprocess.h"
#include "pipeline/base/system.h"
#include "pipeline/base/text.h"
#include "pipeline/base/url.h"
#include "pipeline/command/authorities.h"
#include "pipeline/command/commands.h"
#include "pipeline/command/run_stop.h"
#include "pipeline/command/tokens.h"
#include "pipeline/job/bind.h"
#include "pipeline/workers/processes/process_pool.h"
#include "pipeline/workers/processes/worker_main.h"
#include "pipeline/workers/queue/queue_worker.h"
#include "pipeline/workers/queue_site.h"

namespace repopipe {
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

// A process of a pool.  The run ends it by hanging up; a signal to the whole group is for the run
// alone.
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
    return std::make_unique<ProcessPool>(std::move(pool), Fields{}, around.clock);
  };
  QueueWorker queue_worker(std::move(*settings), around.clock);
  around.signals.start([&queue_worker](int signal) {
    say(fmt::format("repopipe: {}\n", words_of_stop(signal, "the requests under way")));
    queue_worker.stop();
  });
  const Status worked = queue_worker.run();
  around.signals.stop();
  return worked ? ExitCode::complete : refuse(worked.error());
}

}  // namespace repopipe
