#include "pipeline/plan/limits/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace repopipe {
namespace {

// What GitHub asks for when a response speaks of a secondary limit without a time (GitHub docs,
// "Best practices for using the REST API", handle rate limit errors).
constexpr Duration kSecondaryPause = std::chrono::minutes(1);
constexpr Duration kLongestSecondaryPause = std::chrono::hours(1);
// Requests to a queue cost little, and new workers should get tasks soon.
constexpr Duration kFirstQueuePause = std::chrono::milliseconds(250);
constexpr Duration kLongestQueuePause = std::chrono::seconds(5);

void delay(SendTime& send_time, Time until, WaitCause wait_cause) {
  if (until > send_time.at) send_time = {until, wait_cause};
}

bool cools_all(FailureKind kind) {
  return policy_of(kind).cooldown == CoolsDown::all;
}

// The API has answered, and no limit prevented it.
bool is_granted(const TaskResult& task_result) {
  return task_result.result ||
         policy_of(task_result.result.error().kind).outcome == Outcome::not_found;
}

}  // namespace

bool is_limit(FailureKind kind) {
  return cools_all(kind) || policy_of(kind).cooldown == CoolsDown::quota;
}

Limits::Limits(const LimitOptions& options, std::size_t principals)
    : options_(options),
      quotas_(principals),
      quota_owners_(principals),
      rate_limiter_(options.pace),
      concurrency_(options.concurrency),
      secondary_(kSecondaryPause, kLongestSecondaryPause),
      queue_(kFirstQueuePause, kLongestQueuePause) {
  std::iota(quota_owners_.begin(), quota_owners_.end(), 0U);
  for (const PastRequest& each : options.recent)
    rate_limiter_.remember(each.answered, each.response);
}

SendTime Limits::send_time(std::uint32_t principal, Time now) {
  SendTime send_time{now};
  const Time pace = rate_limiter_.free_at(now, concurrency_.share());
  delay(send_time, pace,
        rate_limiter_.is_by_response() ? WaitCause::response_time : WaitCause::pace);
  delay(send_time, quota_of(principal).free_at(now, options_.reserve), WaitCause::quota);
  delay(send_time, secondary_.until(), WaitCause::secondary);
  delay(send_time, queue_.until(), WaitCause::queue);
  return send_time;
}

std::size_t Limits::most_out(std::size_t credits) const {
  return concurrency_.share() < 1 ? concurrency_.size() : credits;
}

void Limits::sent(std::uint32_t principal) {
  rate_limiter_.sent();
  quota_of(principal).sent();
}

// A refusal that is proven to concern one subject only delays nobody else.  One that would end the
// run must be met by a second subject.
void Limits::completed(const TaskResult& task_result, Time now, Weather weather, bool has_others) {
  const std::string& login = task_result.task.login;
  const bool is_refusal = !task_result.result && is_limit(task_result.result.error().kind);
  const bool is_long = is_refusal && cools_all(task_result.result.error().kind) &&
                       task_result.rate_limits.wait.value_or(Duration{}) > options_.max_wait;
  const bool is_alone =
      is_refusal && (suspects_.record_of(login).is_proven ||
                     (is_long && has_others && suspects_.doubts_long_wait(login)));
  if (is_alone) {
    take_alone(task_result, now);
  } else {
    take(task_result, now, weather);
  }
  if (login.empty()) return;
  if (is_refusal) suspects_.refused(login, task_result.task.sent, now);
  if (is_granted(task_result)) suspects_.granted(login, task_result.task.sent);
}

void Limits::take(const TaskResult& task_result, Time now, Weather weather) {
  const Task& task = task_result.task;
  QuotaTracker& quota = quota_of(task.principal);
  quota.completed(task_result.log.status != 0);
  if (task_result.rate_limits.quota) quota.told(*task_result.rate_limits.quota, now);
  if (!task_result.result) {
    refused(task_result, now, weather);
    return;
  }
  rate_limiter_.answered(task_result.log.timing.total, now);
  secondary_.relieve(task.sent);
  queue_.relieve(task.sent);
  quota.granted(task.sent);
  concurrency_.success();
}

void Limits::take_alone(const TaskResult& task_result, Time now) {
  quota_of(task_result.task.principal).completed(task_result.log.status != 0);
  rate_limiter_.answered(task_result.log.timing.total, now);
}

void Limits::refused(const TaskResult& task_result, Time now, Weather weather) {
  const Task& task = task_result.task;
  const Failure& failure = task_result.result.error();
  const FailurePolicy& policy = policy_of(failure.kind);
  if (policy.exchanged != Exchanged::perhaps) {
    rate_limiter_.never_sent();
    if (policy.exchanged == Exchanged::unanswered) queue_.relieve(task.sent);  // somebody has tried
    if (policy.cooldown != CoolsDown::queue) return;
    queue_trouble_ = failure.message;
    return queue_.ask(task.sent, now);
  }
  rate_limiter_.answered(task_result.log.timing.total, now);
  if (policy.rule == RetryRule::resend) return;  // it tells nothing of the API
  queue_.relieve(task.sent);
  if (policy.overload && weather == Weather::fair) concurrency_.strain(task.sent, now);
  const auto& wait = task_result.rate_limits.wait;
  if (policy.cooldown == CoolsDown::quota) {
    quota_of(task.principal).refused(wait, task.sent, now);
  } else if (policy.cooldown == CoolsDown::all && wait) {
    secondary_.ask(*wait, task.sent, now);
  } else if (policy.cooldown == CoolsDown::all) {
    secondary_.ask(task.sent, now);
  }
}

void Limits::share_quota(std::uint32_t principal, std::uint32_t other) {
  quota_owners_[principal] = quota_owners_[other];
}

std::string Limits::explain(std::uint32_t principal, std::string_view name,
                            WaitCause wait_cause) const {
  const auto& quota = quota_of(principal).quota();
  switch (wait_cause) {
    case WaitCause::quota:
      if (!quota || quota->remaining == 0) return fmt::format("the quota of {} is used up", name);
      return fmt::format("{} of {} requests are left of the quota of {}, and limits.reserve is {}",
                         quota->remaining, quota->limit, name, options_.reserve);
    case WaitCause::secondary:
      return "secondary rate limit of the API";
    case WaitCause::queue:
      return queue_trouble_;
    case WaitCause::pace:
    case WaitCause::response_time:
      return rate_limiter_.explain();
    case WaitCause::network:
    case WaitCause::retry:
      return "the limits of a minute are reached";
  }
  return {};
}

std::optional<Time> Limits::lasts_since(WaitCause wait_cause) const {
  if (wait_cause == WaitCause::queue) return queue_.since();
  return std::nullopt;
}

std::optional<Time> Limits::throttled_since() const {
  if (secondary_.times_raised() == 0) return std::nullopt;
  return secondary_.since();
}

bool Limits::is_all_reserved(std::uint32_t principal) const {
  const auto& quota = quota_of(principal).quota();
  return quota && options_.reserve > 0 && quota->limit <= options_.reserve;
}

}  // namespace repopipe
