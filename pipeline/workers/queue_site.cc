#include "pipeline/workers/queue_site.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/secrets.h"
#include "pipeline/model/provider.h"
#include "pipeline/workers/queue/claimed_tasks.h"
#include "pipeline/workers/queue/queue_executor.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

// A worker that is there takes something within a second.
constexpr std::chrono::milliseconds kLeastResponseTimeout = 2s;
constexpr std::chrono::milliseconds kMostResponseTimeout = 10s;

}  // namespace

Result<QueueAddress> resolve_queue(const std::string& text, const Environment& environment,
                                   std::string_view where) {
  std::string address = text;
  if (text.starts_with(kVariable)) {
    const auto value = environment.variable(text.substr(kVariable.size()));
    if (!value) return fail(FailureKind::job, fmt::format("{}: {} is not set", where, text));
    address = *value;
  }
  add_secrets_of_address(address);
  ParsedQueueAddress parsed = parse_queue_address(address);
  if (parsed.complaint.empty()) return parsed.address;
  return fail(FailureKind::job, fmt::format("{}: the address {}", where, parsed.complaint));
}

Result<std::unique_ptr<Channel>> open_queue(const Job& job, const SiteNeeds& needs,
                                            const Clock& clock) {
  auto address = resolve_queue(job.execution.queue, needs.environment, "execution.queue");
  if (!address) return fail(address.error());
  const Provider* provider = find_provider(job.provider.kind);
  if (provider == nullptr) return fail(FailureKind::internal, "no provider " + job.provider.kind);
  QueueOptions options{.address = std::move(*address)};
  options.run_info = {.version = std::string(needs.version),
                      .job = job.name,
                      .settings = work_settings(job),
                      .lease = job.execution.lease,
                      .memory = job.execution.worker_memory};
  options.run_info.settings.ca_file.reset();  // workers have their own
  for (const Principal& each : needs.principals) {
    options.run_info.principals.push_back(each.identity);
  }
  const auto request_logs = static_cast<std::size_t>(options.run_info.settings.concurrency);
  options.most_out = tasks_for(request_logs);
  // Workers that come and go may for a moment work on all that is out.
  const auto allowed = static_cast<std::size_t>(job.limits.concurrent);
  if (allowed > 0) options.most_out = std::min(options.most_out, allowed);
  options.response_timeout =
      std::clamp(job.run.max_wait, kLeastResponseTimeout, kMostResponseTimeout);
  options.warn = needs.warn;
  return std::make_unique<QueueExecutor>(std::move(options), provider->resources.front()->fields,
                                         clock);
}

}  // namespace repopipe
