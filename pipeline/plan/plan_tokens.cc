// Plan: the accounts of tokens, tokens that are disabled, and what the plan tells of the run.
#include <fmt/format.h>

#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/base/units.h"
#include "pipeline/plan/plan.h"

namespace repopipe {

// Several tokens may belong to one account, which has one quota for all of them.
void Plan::ask_for_owners() {
  User& tokens = subjects_.add("");
  tokens.missing = principals_.size();
  for (std::uint32_t principal = 0; principal < principals_.size(); ++principal) {
    principals_.ask_for_owner(principal);
    ++tokens.waiting;
    scheduler_.queue(principal).add(first_task(tokens, WhoseToken{}, principal));
  }
}

// No account: the API does not tell it, and the token counts as an account of its own.
void Plan::accept_owner(User& user, std::uint32_t principal,
                        const std::optional<Account>& account) {
  --user.missing;
  const auto id = account ? std::optional(account->id) : std::nullopt;
  const auto other = principals_.owner_told(principal, id);
  if (!other) return;
  limits_.share_quota(principal, *other);
  notices_.add({Severity::warning,
                fmt::format("{} and {} belong to the same account, {}: they share one quota",
                            principals_[*other].name, principals_[principal].name,
                            printable(account->login))});
}

// What waits for this token is assigned to other tokens; its tasks in flight follow when they
// complete.
void Plan::disable(User& user, Task task, const Failure& failure) {
  const std::uint32_t principal = task.principal;
  const bool is_news = !principals_.is_disabled(principal);
  principals_.disable(principal);
  if (task.request.kind == RequestKind::owner) {
    accept_owner(user, principal, std::nullopt);
  } else {
    queue_for(task).add(std::move(task));
  }
  const std::string& name = principals_[principal].name;
  if (!principals_.is_any_left()) {
    end_early({FailureKind::no_token, principals_.why_none_is_left(principal, failure)});
    return;
  }
  if (!is_news) return;
  notices_.add({.weight = Severity::warning,
                .text = fmt::format("{} is not valid, its users go to the others: {}", name,
                                    failure.message),
                .event = NoticeEvent::token_disabled});
  for (Task& each : scheduler_.queue(principal).take_tasks()) reassign(std::move(each));
  for (Subject& subject : scheduler_.queue(principal).take_subjects()) {
    const std::uint32_t other = principals_.of(key_of(subject));
    scheduler_.queue(other).add(std::move(subject));
  }
}

// The account of a disabled token is not asked for.
void Plan::reassign(Task task) {
  User& user = subjects_.at(task.subject);
  --user.waiting;
  if (task.request.kind != RequestKind::owner) {
    queue_for(task).add(std::move(task));
    return;
  }
  accept_owner(user, task.principal, std::nullopt);
  finish_if_whole(user);
}

// The queue of the task's principal; if that is disabled, of another one.  The task counts as
// waiting from now on.
PrincipalQueue& Plan::queue_for(Task& task) {
  User& user = subjects_.at(task.subject);
  ++user.waiting;
  if (principals_.is_disabled(task.principal) && principals_.is_any_left()) {
    task.principal = principals_.of(user.key);
    task.was_refused = false;
    user.make_conditional(task.request, principals_[task.principal].etag_owner());
  }
  return scheduler_.queue(task.principal);
}

std::vector<TokenState> Plan::token_states() const {
  std::vector<TokenState> states;
  for (std::uint32_t principal = 0; principal < principals_.size(); ++principal) {
    TokenState& state = states.emplace_back(TokenState{.token = principals_[principal].reference,
                                                       .ends_at = principals_.ends_at(principal)});
    if (const auto& quota = limits_.last_quota(principal)) {
      state.quota_limit = quota->limit;
      state.remaining = quota->remaining;
      state.resets_at = quota->window;
    }
  }
  return states;
}

void Plan::note_wait(const Candidate& candidate, Time until) {
  const WaitCause cause = candidate.send_time.wait_cause;
  std::string words = cause == WaitCause::network ? outage_.explain()
                      : cause == WaitCause::retry ? "a retry"
                                                  : explain(candidate);
  waiting_ = {.cause = cause, .words = std::move(words), .until = until, .continues_at = {}};
}

RunProgress Plan::progress() const {
  RunProgress progress = tally_.requests();
  progress.in_flight = credits_.tasks();
  progress.tokens = token_states();
  progress.waiting = waiting_;
  return progress;
}

Activity Plan::activity() const {
  if (next_id_ == 1) return Activity::starting;
  if (over_) return Activity::finishing;
  if (credits_.tasks() > 0) return Activity::fetching;
  if (credits_.has_uncommitted()) return Activity::processing;
  return time_split_.is_waiting() ? Activity::waiting : Activity::processing;
}

RunEnd Plan::end() const {
  RunEnd end =
      ending_.value_or(RunEnd{.status = RunStatus::complete, .exit_code = ExitCode::complete});
  end.times = time_split_.times();
  end.tokens = token_states();
  if (!ending_ && tally_.is_incomplete(options_.fail_ratio)) {
    end.status = RunStatus::incomplete;
    end.exit_code = ExitCode::incomplete;
    end.error = tally_.explain(options_.fail_ratio);
    end.reason = tally_.has_too_many_failures(options_.fail_ratio) ? StopReason::users_failed
                                                                   : StopReason::list_failed;
  }
  return end;
}

}  // namespace repopipe
