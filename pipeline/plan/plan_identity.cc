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

// The number of an account stays when its login changes.
void Plan::not_found(User& user, const Task& task, const Failure& failure) {
  switch (task.request.kind) {
    case RequestKind::owner:
      return accept_owner(user, task.principal, std::nullopt);
    case RequestKind::account:
      if (user.inquiry == Inquiry::number) break;
      user.listing.proven_gone = user.listing.account;
      return user.inquiry == Inquiry::other_account ? void(--user.missing)
                                                    : fail_user(user, failure);
    case RequestKind::page:
      break;
  }
  if (user.is_confirmed) return fail_user(user, hidden(user));
  if (!can_ask_for_number(user)) return fail_user(user, failure);
  user.inquiry = Inquiry::lost_login;
  start_over(user, WhoIs{*user.listing.account}, task, Time::min());
}

bool Plan::can_ask_for_number(const User& user) const {
  const bool is_open = user.inquiry == Inquiry::none || user.inquiry == Inquiry::number;
  return is_open && user.listing.account && protocol_.knows_numbers(user.subject.resource);
}

Failure Plan::hidden(const User& user) const {
  const bool is_users = user.subject.resource == kRepositoriesId;
  return {FailureKind::hidden,
          is_users ? fmt::format("{}: the account exists, but this token cannot see its list",
                                 user.listing.login)
                   : fmt::format("{}: the account exists, but it has no list of {} that this token "
                                 "can see",
                                 user.listing.login, name_of_records(user))};
}

void Plan::accept_account(User& user, const Task& task, const Account& account) {
  if (task.request.kind == RequestKind::owner) {
    accept_owner(user, task.principal, account);
    return;
  }
  if (user.inquiry == Inquiry::number) return identify(user, task, account);
  const bool is_same_login = equal_ignoring_case(account.login, user.listing.login);
  if (user.inquiry == Inquiry::other_account) {
    --user.missing;
    if (!is_same_login && account.id == user.subject.account) {
      user.listing.renamed_account = account;
    }
    return;
  }
  user.is_confirmed = true;
  if (is_same_login) return fail_user(user, hidden(user));
  user.is_identified = lacks_parent(protocol_.resource(user.subject.resource));
  user.listing.moved = true;
  user.listing.account = account.id;
  start_over(user, question_of(user), task, Time::min());
}

// Whose list it will be.  What is known of another account's list says nothing of this one.
void Plan::identify(User& user, const Task& task, const Account& account) {
  user.inquiry = Inquiry::none;
  user.is_confirmed = true;
  user.is_identified = true;
  user.listing.account = account.id;
  user.listing.moved = !equal_ignoring_case(account.login, user.listing.login);
  if (user.subject.account && user.subject.account != account.id) {
    user.subject.pages.clear();
    user.subject.known_records = 0;
    user.subject.empty_before_run = false;
  }
  start_over(user, question_of(user), task, Time::min());
}

// The whole list is here.  If it may be another account's than it was: what became of the former
// one?  The rows stay, whatever the answer is.
void Plan::ask_for_former(User& user, const Task& task) {
  const auto& former = user.subject.account;
  if (!former || user.inquiry != Inquiry::none || user.lacks_pages) return;
  if (!protocol_.knows_numbers(user.subject.resource)) return;
  if (!user.shows_nothing_of(*former)) return;
  user.inquiry = Inquiry::other_account;
  ++user.missing;
  Task who = first_task(user, WhoIs{*former}, task.principal);
  queue_for(who).add(std::move(who));
}

}  // namespace repopipe
