#include "pipeline/plan/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/base/units.h"

namespace repopipe {
namespace {

// Subjects that may wait for principals that must pause; more are not read ahead.
constexpr std::size_t kMostWaiting = 20'000;
// Subjects in progress beyond the credits: they wait for a retry.
constexpr std::size_t kMostUsers = 2048;
constexpr Duration kWorthAWord = std::chrono::seconds(2);

bool has_owners_to_ask_for(const PlanOptions& options) {
  if (options.principals.size() > 1) return true;
  return options.checks_tokens && options.principals.front().identity != kAnonymous;
}

LimitOptions limits_of(const PlanOptions& options) {
  LimitOptions limits = options.limits;
  limits.max_wait = options.max_wait;
  return limits;
}

}  // namespace

Plan::Plan(const PlanOptions& options, const Protocol& protocol, Time start)
    : options_(options),
      protocol_(protocol),
      random_(options.seed),
      time_split_(start),
      credits_(options.credits),
      tally_({.settled = options.users_before,
              .failed = options.failures_before,
              .lists_failed = options.lists_failed_before}),
      principals_(options.principals),
      limits_(limits_of(options), options.principals.size()),
      outage_({.first_pause = options.limits.first_pause,
               .attempts = options.attempts,
               .max_wait = options.max_wait,
               .connect_wait = options.connect_wait,
               .api = options.api}),
      scheduler_(options.principals.size()) {
  assert(options.attempts > 0);
  if (has_owners_to_ask_for(options)) ask_for_owners();
}

Action Plan::next(Time now) {
  time_split_.spend(activity(), now);
  time_split_.set_cause({});
  waiting_.reset();
  if (now >= options_.deadline) {
    stop(RunStatus::deadline, ExitCode::try_later, "run.deadline came; the next run resumes");
  }
  if (std::exchange(cancels_queued_, false) && credits_.tasks() > 0) return CancelQueued{};
  if (!notices_.is_empty()) return notices_.take();
  if (!finished_.empty()) return write();
  if (ending_) return drain();
  Action step = work(now);
  const bool has_deadline = options_.deadline != Time::max();
  if (std::holds_alternative<Wait>(step) && has_deadline) return WaitUntil{options_.deadline};
  return step;
}

// Nothing more is sent.  Subjects that are not complete drop their pages; their request logs are
// stored.
Action Plan::drain() {
  if (credits_.tasks() > 0 || credits_.has_uncommitted()) return Wait{};
  if (store_failed_) subjects_.clear();
  subjects_.for_each([this](User& user) {
    user.listing.outcome = Outcome::abandoned;
    finish(user);
  });
  if (!finished_.empty()) return write();
  return be_over();
}

// Tells the remaining notices first.
Action Plan::be_over() {
  notices_.add_rest();
  if (!notices_.is_empty()) return notices_.take();
  over_ = true;
  return Finished{};
}

Action Plan::work(Time now) {
  if (credits_.tasks() >= most_out()) return Wait{};
  if (outage_.is_too_long()) {
    end_early(outage_.failure());
    return drain();
  }
  if (intake_.has_rereads() && may_begin()) return Recall{intake_.take_reread()};
  if (intake_.has_accounts() && scheduler_.subjects() < kMostWaiting) {
    return Expand{intake_.take_accounts()};
  }
  if (scheduler_.has_yielding() && !has_others()) end_yielding();
  recheck_due(now);
  const Candidate candidate = next_candidate(now);
  if (candidate.send_time.at <= now) return take_candidate(candidate, now);
  if (is_over()) return be_over();
  return wait_for(candidate, now);
}

// Another subject may send a request before those that yield.
bool Plan::has_others() const {
  return !intake_.is_over() || intake_.has_accounts() || scheduler_.has_work();
}

bool Plan::is_over() const {
  return intake_.is_empty() && scheduler_.subjects() == 0 && subjects_.is_empty();
}

std::size_t Plan::most_users() const {
  return credits_.all() + kMostUsers;
}

std::size_t Plan::most_out() const {
  if (options_.has_proxy_login && !outage_.was_reached()) return 1;
  return limits_.most_out(std::min(options_.most_out, credits_.all()));
}

bool Plan::may_begin() const {
  const std::size_t under_way =
      subjects_.size() - std::min(subjects_.size(), scheduler_.rechecks());
  return credits_.is_any_left() && under_way < most_users() && !scheduler_.has_many_rechecks();
}

// The principals take turns.  If all must wait, it is the one that may send first.
Plan::Candidate Plan::next_candidate(Time now) {
  Candidate first;
  for (std::uint32_t i = 0; i < principals_.size(); ++i) {
    const std::uint32_t principal = scheduler_.in_turn(i);
    const Candidate candidate = candidate_of(principal, now);
    if (candidate.send_time.at <= now) return candidate;
    if (candidate.send_time.at < first.send_time.at) first = candidate;
  }
  return first;
}

Plan::Candidate Plan::candidate_of(std::uint32_t principal, Time now) {
  Candidate candidate{.principal = principal};
  if (principals_.is_disabled(principal)) return candidate;
  const PrincipalQueue& queue = scheduler_.queue(principal);
  const bool may_begin = this->may_begin() && principals_.is_ready(principal);
  const Time due = queue.next_due();
  candidate.is_new_user = due > now && may_begin && (queue.has_subjects() || may_read_subjects());
  if (!candidate.is_new_user && due == Time::max()) return candidate;
  // If no subject waits, find out whether there are any before a pause.
  const bool only_reads = candidate.is_new_user && scheduler_.subjects() == 0;
  candidate.send_time = only_reads ? SendTime{now} : limits_.send_time(principal, now);
  if (!only_reads && outage_.next_send() > candidate.send_time.at) {
    candidate.send_time = {outage_.next_send(), WaitCause::network};
  }
  if (!candidate.is_new_user && due > candidate.send_time.at) candidate.send_time = {due};
  return candidate;
}

// Accounts of lists are read first, so that no more lists add accounts meanwhile.
bool Plan::may_read_subjects() const {
  return !intake_.is_over() && !intake_.has_accounts() && scheduler_.subjects() < kMostWaiting;
}

Action Plan::take_candidate(const Candidate& candidate, Time now) {
  PrincipalQueue& queue = scheduler_.queue(candidate.principal);
  if (candidate.is_new_user && !queue.has_subjects()) return ReadSubjects{};
  scheduler_.took_turn(candidate.principal);
  if (candidate.is_new_user) {
    Subject subject = scheduler_.take_subject(candidate.principal);
    return send(take_user(std::move(subject), candidate.principal), now);
  }
  return send(*queue.take_task(now), now);
}

Action Plan::wait_for(const Candidate& candidate, Time now) {
  const Time recheck = scheduler_.recheck_time(!intake_.is_over());
  const Time until = std::min({candidate.send_time.at, recheck, options_.deadline});
  const bool comes_by_itself = std::min(candidate.send_time.at, recheck) < Time::max();
  if (!comes_by_itself && judge_without_others(now)) return next(now);
  if (until == Time::max()) return Wait{};
  const WaitCause wait_cause = candidate.send_time.wait_cause;
  const bool is_idle = credits_.tasks() == 0 && !credits_.has_uncommitted();
  const bool is_for_limit = candidate.send_time.at < recheck;
  if (is_idle) {
    time_split_.set_cause(is_for_limit ? wait_cause : WaitCause::retry);
    note_wait(candidate, until);
  }
  if (wait_cause == WaitCause::network) return wait_for_api(now, until);
  const bool is_pace = wait_cause == WaitCause::pace || wait_cause == WaitCause::response_time;
  if (is_pace) return wait_for_rate_limit(candidate, now, until);
  const bool is_limit = wait_cause == WaitCause::quota || wait_cause == WaitCause::secondary ||
                        wait_cause == WaitCause::queue;
  if (!is_limit || credits_.tasks() > 0) return WaitUntil{until};
  if (is_too_long(candidate, now)) return drain();
  // A queue may stay unusable until an operator acts, so this wait is always told.
  const bool is_brief =
      wait_cause != WaitCause::queue && candidate.send_time.at - now < kWorthAWord;
  if (is_brief) return WaitUntil{until};
  if (!waits_.is_due(now)) return WaitUntil{waits_.next_due(until)};
  return waits_.tell(wait_cause, explain(candidate), candidate.send_time.at, now);
}

// The job's own limits: no failure, but an operator may think that the run hangs.
Action Plan::wait_for_rate_limit(const Candidate& candidate, Time now, Time until) {
  const Time goes_on = candidate.send_time.at;
  if (credits_.tasks() > 0 || !waits_.is_rate_limit_due(goes_on, now)) return WaitUntil{until};
  return waits_.tell_rate_limit(candidate.send_time.wait_cause, explain(candidate), goes_on);
}

std::string Plan::explain(const Candidate& candidate) const {
  return limits_.explain(candidate.principal, principals_[candidate.principal].name,
                         candidate.send_time.wait_cause);
}

// If so, it ends the run.
bool Plan::is_too_long(const Candidate& candidate, Time now) {
  const WaitCause wait_cause = candidate.send_time.wait_cause;
  const std::string cause = explain(candidate);
  if (const auto since = limits_.lasts_since(wait_cause)) {
    const Duration lasted = now - *since;
    if (lasted <= options_.max_wait) return false;
    end_early({FailureKind::queue, fmt::format("{} since {}", cause, show_rounded(lasted))});
    return true;
  }
  if (limits_.is_all_reserved(candidate.principal)) {
    end_early({FailureKind::job, cause + ": nothing is left for this job; lower limits.reserve"});
    return true;
  }
  const Duration wait = candidate.send_time.at - now;
  const bool is_late = candidate.send_time.at >= options_.deadline;
  const bool is_secondary = wait_cause == WaitCause::secondary;
  const Time since = is_secondary ? limits_.throttled_since().value_or(now) : now;
  if (candidate.send_time.at - since <= options_.max_wait && !is_late) return false;
  stop(RunStatus::limited, ExitCode::try_later,
       fmt::format("{} for {} more, {}; the next run resumes", cause, show_rounded(wait),
                   is_late ? "past run.deadline" : "longer than run.max_wait allows"));
  return true;
}

Send Plan::send(Task task, Time now) {
  task.id = next_id_++;
  task.sent = now;
  outage_.sent(task);
  credits_.task_sent();
  limits_.sent(task.principal);
  User& user = subjects_.at(task.subject);
  ++user.out;
  --user.waiting;
  if (scheduler_.has_yielding() && limits_.record_of(task.login).refusals == 0) end_yielding();
  return {std::move(task)};
}

void Plan::postpone_deadline(Duration by) {
  if (options_.deadline != Time::max()) options_.deadline += by;
}

void Plan::stop(RunStatus status, ExitCode exit_code, std::string reason,
                std::optional<FailureKind> cause) {
  if (ending_) return;
  ending_ = RunEnd{.status = status, .exit_code = exit_code, .error = std::move(reason)};
  ending_->cause = cause;
  cancels_queued_ = true;
}

void Plan::end_early(const Failure& failure) {
  stop(RunStatus::failed, policy_of(failure.kind).exit_code, failure.message, failure.kind);
}

}  // namespace repopipe
