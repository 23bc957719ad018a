// Plan: results of tasks.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/base/units.h"
#include "pipeline/plan/plan.h"
#include "pipeline/plan/retry_policy.h"

namespace repopipe {
namespace {

// No request was sent: the task was cancelled, or failed before.
bool never_went_out(const TaskResult& task_result) {
  return !task_result.result &&
         policy_of(task_result.result.error().kind).exchanged == Exchanged::no;
}

}  // namespace

void Plan::complete(TaskResult task_result, Time now) {
  time_split_.spend(activity(), now);
  User& user = subjects_.at(task_result.task.subject);
  credits_.task_completed();
  limits_.completed(task_result, now, outage_.is_open() ? Weather::outage : Weather::fair,
                    outage_.was_answered() || subjects_.size() > 1 || has_others());
  weigh(task_result, now);
  --user.out;
  if (auto text =
          principals_.warn_of_expiry(task_result.task.principal, task_result.rate_limits, now)) {
    notices_.add({.weight = Severity::warning,
                  .text = std::move(*text),
                  .event = NoticeEvent::token_expires});
  }
  notices_.add_once(task_result.rate_limits.note);
  user.listing.queued += task_result.queued;
  user.listing.fetch += task_result.log.timing.total;
  user.listing.parse += task_result.parse;
  if (!never_went_out(task_result)) {
    tally_.requested(task_result.log);
    user.listing.request_logs.push_back(std::move(task_result.log));
  }
  const bool is_stale = !user.is_listing() || task_result.task.generation != user.generation;
  if (is_stale) {
    // The subject has failed or its list has started again: this response is ignored.
  } else if (task_result.result) {
    accept(user, std::move(task_result.task), std::move(*task_result.result), now);
  } else {
    refuse(user, std::move(task_result.task), task_result.result.error(), task_result.rate_limits,
           now);
  }
  ready_probe();
  finish_if_whole(user);
}

void Plan::accept(User& user, Task task, Answer answer, Time now) {
  const bool is_page = task.request.kind == RequestKind::page;
  if (std::holds_alternative<PageRead>(answer) != is_page &&
      !std::holds_alternative<Redirect>(answer)) {
    const Failure failure{FailureKind::malformed, "the answer is none to this question"};
    refuse(user, std::move(task), failure, {}, now);
    return;
  }
  std::visit(
      Match{[&](PageRead& listed) { accept_page(user, std::move(task), std::move(listed), now); },
            [&](Redirect& moved) {
              user.listing.moved = user.listing.moved || is_page;
              task.request.target = std::move(moved.target);
              ++task.request.redirects;
              task.timed_out = false;
              user.make_conditional(task.request, principals_[task.principal].etag_owner());
              queue_for(task).add_first(std::move(task));
            },
            [&](const Account& account) { accept_account(user, task, account); }},
      answer);
}

void Plan::refuse(User& user, Task task, const Failure& failure, const RateLimitInfo& rate_limits,
                  Time now) {
  const bool is_of_token = task.request.kind == RequestKind::owner;
  if (is_of_token && principals_.is_disabled(task.principal)) {
    accept_owner(user, task.principal, std::nullopt);
    return;
  }
  task.timed_out = policy_of(failure.kind).stale_connection;
  if (may_be_outage(failure.kind)) {
    return suspect(user, std::move(task), failure, rate_limits, now);
  }
  const Duration wait = rate_limits.wait.value_or(Duration{});
  if (is_limit(failure.kind) && !is_of_token) {
    const LimitRecord record = limits_.record_of(task.login);
    const auto decision = decide_refused(task, failure, wait, record, retry_options());
    return follow(decision, user, std::move(task), failure, now);
  }
  const auto decision = decide_alone(user, task, failure, wait);
  follow(decision, user, std::move(task), failure, now);
}

RetryOptions Plan::retry_options() const {
  return {.attempts = options_.attempts, .max_wait = options_.max_wait};
}

RetryDecision Plan::decide_alone(const User& user, const Task& task, const Failure& failure,
                                 Duration wait) const {
  const auto& logs = user.listing.request_logs;
  return decide(task, failure, logs.empty() ? 0 : logs.back().status, wait, retry_options());
}

void Plan::follow(const RetryDecision& decision, User& user, Task task, const Failure& failure,
                  Time now) {
  std::visit(Match{[&](const RetryAt& retry) { retry_at(retry, user, std::move(task), now); },
                   [&](const Resend& resend) {
                     cancels_queued_ = cancels_queued_ || resend.cancels_queued;
                     queue_for(task).add_first(std::move(task));
                   },
                   [&](const Yield&) {
                     cancels_queued_ = true;
                     ++user.waiting;
                     scheduler_.yield(std::move(task));
                   },
                   [&](const RecheckLater&) { recheck(user, std::move(task), now); },
                   [&](const DisableToken&) { disable(user, std::move(task), failure); },
                   [&](const FailSubject& fails) { give_up(user, task, fails.failure); },
                   [&](const EndRun&) {
                     end_early({failure.kind, cause_of(task, failure)});
                   }},
             decision);
}

void Plan::retry_at(const RetryAt& retry, User& user, Task task, Time now) {
  Duration backoff{};
  if (retry.failures > 0) backoff = full_jitter(options_.backoff, retry.failures, random_);
  const Time due = now + std::max(backoff, retry.wait);
  user.listing.had_trouble = user.listing.had_trouble || retry.may_be_large;
  if (retry.asks_for_less && shrink_page(user, task, due)) return;
  task.was_refused = task.was_refused || retry.doubts_token;
  if (retry.is_attempt) ++task.attempt;
  queue_for(task).add_later(due, std::move(task));
}

// After a request of a subject that was not refused, or if there is none.
void Plan::end_yielding() {
  for (Task& task : scheduler_.take_yielding()) {
    --subjects_.at(task.subject).waiting;
    queue_for(task).add_first(std::move(task));
  }
}

void Plan::give_up(User& user, const Task& task, const Failure& failure) {
  if (policy_of(failure.kind).rule == RetryRule::recheck &&
      task.request.kind != RequestKind::owner) {
    not_found(user, task, failure);
  } else if (task.request.kind == RequestKind::owner) {
    accept_owner(user, task.principal, std::nullopt);
  } else if (user.inquiry == Inquiry::other_account && user.missing > 0 &&
             task.request.kind == RequestKind::account) {
    --user.missing;  // nothing is known of the former account, and the list is whole
  } else if (policy_of(failure.kind).keeps_pages && task.request.kind == RequestKind::page) {
    go_without(user, failure);
  } else {
    fail_user(user, failure);
  }
}

void Plan::fail_user(User& user, const Failure& failure) {
  user.listing.outcome = policy_of(failure.kind).outcome;
  user.listing.error = failure.message;
  user.listing.incomplete.clear();
  user.listing.came_empty = false;
  if (user.listing.outcome == Outcome::failed && !user.is_second) tally_.failed(failure);
  credits_.pages_dropped(user.forget_pages());
  drop_tasks(user);
}

}  // namespace repopipe
