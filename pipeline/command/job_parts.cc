#include "pipeline/command/job_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "pipeline/command/command_line.h"
#include "stages/http/engines.h"

namespace repopipe {
namespace {

// Before the API is tried again that could not be reached.
constexpr std::chrono::milliseconds kShortestPause{100};

int fetch_concurrency(const Job& job) {
  if (job.limits.concurrent == 0) return job.fetch.concurrency;
  return std::min(job.fetch.concurrency, job.limits.concurrent);
}

HttpOptions http_options(const Job& job, const ProviderEntry& provider,
                         std::vector<std::string> tokens) {
  HttpOptions options{.base_url = job.provider.base_url,
                      .headers = {},
                      .tokens = std::move(tokens),
                      .user_agent = fmt::format("repopipe/{}", version()),
                      .ca_file = job.provider.ca_file,
                      .timeout = job.fetch.timeout,
                      .max_body = job.fetch.max_body,
                      .concurrency = fetch_concurrency(job)};
  options.headers.assign(provider.request_headers.begin(), provider.request_headers.end());
  return options;
}

LimitOptions limit_options(const Job& job, std::size_t exchanges) {
  const auto requests = static_cast<std::size_t>(job.limits.requests_per_minute);
  const std::chrono::seconds response(job.limits.response_seconds_per_minute);
  return {.pace = {.requests_per_minute = requests, .response_per_minute = response},
          .concurrency = exchanges,
          .reserve = static_cast<std::uint64_t>(job.limits.reserve),
          .first_pause = std::max(job.fetch.backoff, kShortestPause)};
}

}  // namespace

int parse_concurrency(const Job& job) {
  if (job.parse.concurrency > 0) return job.parse.concurrency;
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

std::unique_ptr<FetchEngine> make_engine(const Job& job, const ProviderEntry& provider,
                                         std::vector<std::string> tokens, const Clock& clock) {
  HttpOptions options = http_options(job, provider, std::move(tokens));
  switch (job.fetch.engine) {
    case EngineKind::event_loop:
      return make_event_loop_engine(std::move(options), clock);
    case EngineKind::threads:
      return make_threads_engine(std::move(options), clock);
  }
  return nullptr;
}

PlanOptions plan_options(const Job& job, std::vector<Principal> principals, const RunTotals& before,
                         Time start) {
  // Half as many pages again as exchanges, so that fetch never waits for parse and store to hand
  // back a credit; and a few more, for the smallest jobs.
  const auto exchanges = static_cast<std::size_t>(fetch_concurrency(job));
  return {.credits = exchanges + exchanges / 2 + 32,
          .attempts = job.fetch.attempts,
          .per_page = job.provider.per_page,
          .backoff = job.fetch.backoff,
          .deadline = start + job.run.deadline,
          .max_wait = job.run.max_wait,
          .limits = limit_options(job, exchanges),
          .fail_ratio = job.run.fail_ratio,
          .principals = std::move(principals),
          .seed = static_cast<std::uint64_t>(start.time_since_epoch().count()),
          .users_before = before.users(),
          .failures_before = before.failed};
}

}  // namespace repopipe
