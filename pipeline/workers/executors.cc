#include "pipeline/workers/executors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "pipeline/base/secrets.h"
#include "pipeline/job/bind.h"
#include "pipeline/model/provider.h"
#include "pipeline/workers/local/local_executor.h"
#include "pipeline/workers/processes/process_pool.h"
#include "pipeline/workers/queue/claimed_tasks.h"
#include "pipeline/workers/queue/queue_executor.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

// A connected worker claims a task within a second.
constexpr std::chrono::milliseconds kLeastResponseTimeout = 2s;
constexpr std::chrono::milliseconds kMostResponseTimeout = 10s;

int fetch_concurrency(const Job& job) {
  if (job.limits.concurrent == 0) return job.fetch.concurrency;
  return std::min(job.fetch.concurrency, job.limits.concurrent);
}

int parse_concurrency(const Job& job) {
  if (job.parse.concurrency > 0) return job.parse.concurrency;
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

Result<std::unique_ptr<Executor>> open_local(const Job& job, ExecutorNeeds needs) {
  auto parts = LocalParts::open(work_settings(job), std::move(needs.tokens), needs.version,
                                needs.clock, needs.warn);
  if (!parts) return fail(parts.error());
  return std::make_unique<LocalExecutor>(std::move(*parts), needs.clock, needs.warn);
}

Result<std::unique_ptr<Executor>> open_pool(const Job& job, ExecutorNeeds needs) {
  const Provider* provider = find_provider(job.provider.kind);
  if (provider == nullptr) return fail(FailureKind::internal, "no provider " + job.provider.kind);
  PoolOptions options{.version = std::string(needs.version),
                      .processes = job.execution.processes,
                      .settings = work_settings(job),
                      .tokens = std::move(needs.tokens),
                      .memory = job.execution.worker_memory,
                      .response_timeout = longest_silence(job.fetch.timeout)};
  options.warn = std::move(needs.replaced);
  return std::make_unique<ProcessPool>(std::move(options), provider->resources, needs.clock);
}

Result<std::unique_ptr<Executor>> open_queue(const Job& job, ExecutorNeeds needs) {
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
  options.run_info.settings.ca_file.reset();  // workers have their own file
  for (const Principal& each : needs.principals) {
    options.run_info.principals.push_back(each.identity);
  }
  const auto exchanges = static_cast<std::size_t>(options.run_info.settings.concurrency);
  options.most_out = tasks_for(exchanges);
  // While workers come and go, they may work on all posted tasks at once.
  const auto allowed = static_cast<std::size_t>(job.limits.concurrent);
  if (allowed > 0) options.most_out = std::min(options.most_out, allowed);
  options.response_timeout =
      std::clamp(job.run.max_wait, kLeastResponseTimeout, kMostResponseTimeout);
  options.warn = std::move(needs.warn);
  return std::make_unique<QueueExecutor>(std::move(options), provider->resources, needs.clock);
}

constexpr std::array kExecutors{
    ExecutorEntry{"queue", [](const Job& job) { return !job.execution.queue.empty(); }, open_queue},
    ExecutorEntry{"processes", [](const Job& job) { return job.execution.processes > 1; },
                  open_pool},
    ExecutorEntry{"local", [](const Job&) { return true; }, open_local}};

}  // namespace

const ExecutorEntry& executor_of(const Job& job) {
  return *std::ranges::find_if(kExecutors,
                               [&](const ExecutorEntry& each) { return each.applies(job); });
}

WorkSettings work_settings(const Job& job) {
  return {.provider = job.provider.kind,
          .base_url = job.provider.base_url,
          .per_page = job.provider.per_page,
          .engine = job.fetch.engine,
          .concurrency = fetch_concurrency(job),
          .parse_concurrency = parse_concurrency(job),
          .timeout = job.fetch.timeout,
          .max_body = job.fetch.max_body,
          .ca_file = job.provider.ca_file,
          .transforms = job.transforms};
}

Result<QueueAddress> resolve_queue(const std::string& text, const Environment& environment,
                                   std::string_view where) {
  const auto address = queue_address_of(text, environment);
  if (!address) {
    return fail(FailureKind::job, fmt::format("{}: {}", where, address.error().message));
  }
  add_secrets_of_address(*address);
  ParsedQueueAddress parsed = parse_queue_address(*address);
  if (parsed.complaint.empty()) return parsed.address;
  return fail(FailureKind::job, fmt::format("{}: the address {}", where, parsed.complaint));
}

}  // namespace repopipe
