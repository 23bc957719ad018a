// What Plan makes of logins that lead nowhere, or to another account than they did.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/plan/backoff.h"
#include "pipeline/plan/plan.h"

namespace repopipe {
namespace {

// "Later in the run", for an answer that may be transient.
constexpr Duration kRecheckDelay = std::chrono::seconds(30);
// A recheck that nothing has to wait for comes after this part of the backoff.
constexpr int kSooner = 10;

}  // namespace

// 404 comes without reason now and then: it is asked once more.
void Plan::recheck(User& user, Task task, Time now) {
  task.was_missing = true;
  ++user.waiting;
  scheduler_.recheck(std::move(task), now + options_.backoff / kSooner, now + kRecheckDelay);
}

void Plan::recheck_due(Time now) {
  for (Task& task : scheduler_.take_rechecks(now, !subjects_over_)) {
    --subjects_.at(task.subject).waiting;
    queue_for(task).add(std::move(task));
  }
}

void Plan::not_found(User& user, const Task& task, const Failure& failure) {
  follow(after_not_found(user, task, failure, protocol_), user, task);
}

void Plan::accept_account(User& user, const Task& task, const Account& account) {
  if (task.request.kind == RequestKind::owner) {
    accept_owner(user, task.principal, account);
  } else {
    follow(after_account(user, account, protocol_), user, task);
  }
}

void Plan::follow(const IdentityStep& step, User& user, const Task& task) {
  std::visit(
      Match{[&](const NothingMore&) { --user.missing; },
            [&](const ListFromStart&) {
              start_over(user, question_of(user, protocol_), task, Time::min());
            },
            [&](const AskInstead& ask) { start_over(user, ask.question, task, Time::min()); },
            [&](const FailSubject& fails) { fail_user(user, fails.failure); }},
      step);
}

}  // namespace repopipe
