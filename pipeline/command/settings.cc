#include "pipeline/command/settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/text.h"
#include "pipeline/job/bind.h"
#include "pipeline/workers/executors.h"
#include "stages/fetch/http_client.h"

namespace repopipe {
Result<std::optional<std::filesystem::path>> authorities(
    const std::optional<std::filesystem::path>& own, std::string_view base_url,
    const Environment& environment) {
  if (own) return own;
  if (!equal_ignoring_case(base_url.substr(0, 6), "https:")) return std::nullopt;
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    const auto value = environment.variable(name);
    if (!value || value->empty()) continue;
    std::string complaint = complaint_about_certificates(*value);
    if (complaint.empty()) return std::filesystem::absolute(*value);
    return fail(FailureKind::job, fmt::format("the environment variable {} is {}: {}", name,
                                              in_quotes(*value, 300), complaint));
  }
  return std::nullopt;
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

}  // namespace repopipe
