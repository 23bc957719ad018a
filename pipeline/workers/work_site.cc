#include "pipeline/workers/work_site.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "pipeline/workers/processes/process_pool.h"
#include "pipeline/workers/queue_site.h"

namespace repopipe {
namespace {

int fetch_concurrency(const Job& job) {
  if (job.limits.concurrent == 0) return job.fetch.concurrency;
  return std::min(job.fetch.concurrency, job.limits.concurrent);
}

int parse_concurrency(const Job& job) {
  if (job.parse.concurrency > 0) return job.parse.concurrency;
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

PoolOptions pool_options(const Job& job, SiteNeeds needs) {
  PoolOptions options{.version = std::string(needs.version),
                      .processes = job.execution.processes,
                      .settings = work_settings(job),
                      .tokens = std::move(needs.tokens),
                      .memory = job.execution.worker_memory,
                      .response_timeout = longest_silence(job.fetch.timeout)};
  options.warn = std::move(needs.warn);
  return options;
}

}  // namespace

WorkSettings work_settings(const Job& job) {
  return {.provider = job.provider.kind,
          .base_url = job.provider.base_url,
          .per_page = job.provider.per_page,
          .engine = job.fetch.engine,
          .concurrency = fetch_concurrency(job),
          .parse_concurrency = parse_concurrency(job),
          .timeout = job.fetch.timeout,
          .max_body = job.fetch.max_body,
          .ca_file = job.provider.ca_file};
}

Result<WorkSite> WorkSite::open(const Job& job, SiteNeeds needs, const Clock& clock) {
  WorkSite site;
  const Provider* provider = find_provider(job.provider.kind);
  if (provider == nullptr) return fail(FailureKind::internal, "no provider " + job.provider.kind);
  if (!job.execution.queue.empty()) {
    auto queue = open_queue(job, needs, clock);
    if (!queue) return fail(queue.error());
    site.elsewhere_ = std::move(*queue);
    return site;
  }
  if (job.execution.processes > 1) {
    site.elsewhere_ = std::make_unique<ProcessPool>(pool_options(job, std::move(needs)),
                                                    provider->resources.front()->fields, clock);
    return site;
  }
  auto workshop = Workshop::open(work_settings(job), std::move(needs.tokens), needs.version, clock,
                                 std::move(needs.warn));
  if (!workshop) return fail(workshop.error());
  site.here_ = std::move(*workshop);
  return site;
}

WorkPlace WorkSite::place() {
  if (here_) return here_->here();
  return std::ref(*elsewhere_);
}

}  // namespace repopipe
