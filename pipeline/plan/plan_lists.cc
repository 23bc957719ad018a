// Plan: pages of lists, accounts that were asked for, and lists that start again.
#include <fmt/format.h>

#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/plan/plan.h"
#include "pipeline/plan/retry_policy.h"
#include "pipeline/plan/subjects/identity.h"
#include "pipeline/plan/subjects/pages.h"

namespace repopipe {
namespace {

// A first 404 may be transient: the task is sent again after this delay,
constexpr Duration kRecheckDelay = std::chrono::seconds(30);
// or, if nothing else is left to be sent, after this part of the backoff.
constexpr int kSooner = 10;
// A smaller page would not cost the server less.
constexpr int kSmallestPage = 10;

}  // namespace

void Plan::accept_page(User& user, Task task, PageRead listed, Time now) {
  const PageRules rules{.attempts = options_.attempts,
                        .records = protocol_.resource(user.subject.resource).name,
                        .etag_owner = principals_[task.principal].etag_owner()};
  PageStep step = repopipe::accept_page(user, task, listed, rules);
  std::visit(Match{[&](PageCollected& page) { collect(user, task, page, rules); },
                   [&](const PageRefused& page) {
                     const int status = user.listing.request_logs.back().status;
                     const auto decision = decide(task, page.failure, status, {}, retry_options());
                     follow(decision, user, std::move(task), page.failure, now);
                   },
                   [&](const ListChanged& list) {
                     if (task.attempt >= options_.attempts)
                       return give_up(user, task, list.failure);
                     user.first_attempt = task.attempt + 1;
                     start_over(user, question_of(user, protocol_), task,
                                now + full_jitter(options_.backoff, task.attempt, random_));
                   },
                   [&](const ReadWithoutEtags&) {
                     user.first_attempt = task.attempt + 1;
                     start_over(user, question_of(user, protocol_), task, Time::min());
                   },
                   [&](const Failure& failure) { fail_user(user, failure); }},
             step);
}

void Plan::collect(User& user, const Task& task, PageCollected& page, const PageRules& rules) {
  credits_.page_collected();
  for (Request& request : page.follow_ups) {
    user.make_conditional(request, rules.etag_owner);
    Task follow_up{.login = task.login,
                   .request = std::move(request),
                   .attempt = user.first_attempt,
                   .principal = task.principal,
                   .generation = task.generation,
                   .subject = task.subject,
                   .resource = task.resource};
    queue_for(follow_up).add(std::move(follow_up));
    ++user.missing;
  }
  if (user.missing > 0) return;
  if (const auto failure = check_whole_list(user, rules.records)) return fail_user(user, *failure);
  if (const auto question = question_for_former(user, protocol_)) {
    Task task_for_former = first_task(user, *question, task.principal);
    queue_for(task_for_former).add(std::move(task_for_former));
  }
}

// The page is missing for good: the other pages are stored, and the subject counts as failed.
void Plan::go_without(User& user, const Failure& failure) {
  std::string_view why = failure.message;
  if (why.starts_with(user.listing.login)) why.remove_prefix(user.listing.login.size());
  why.remove_prefix(std::min(why.find_first_not_of(": "), why.size()));
  user.lack(user.listing.came_empty
                ? fmt::format("{}; the next run believes it if it finds the same", why)
                : std::string(why));
  if (!user.is_second) tally_.failed(failure);
}

void Plan::start_over(User& user, const Question& question, const Task& failed, Time due) {
  drop_tasks(user);
  credits_.pages_dropped(user.start_over());
  Task task = first_task(user, question, failed.principal);
  task.timed_out = failed.timed_out;
  queue_for(task).add_later(due, std::move(task));
}

// Most subjects have no task that waits, so the search is skipped.
void Plan::drop_tasks(User& user) {
  if (std::exchange(user.waiting, 0) == 0) return;
  scheduler_.drop(user.handle);
  outage_.drop(user.handle);
}

// Starts the list again with smaller pages.  The attempts are counted further.  False: the page has
// the smallest size.
bool Plan::shrink_page(User& user, const Task& task, Time due) {
  const int size = user.listing.per_page > 0 ? user.listing.per_page : options_.per_page;
  if (size / 2 < kSmallestPage) return false;
  user.listing.per_page = size / 2;
  user.first_attempt = task.attempt + 1;
  start_over(user, question_of(user, protocol_), task, due);
  return true;
}

// The API sometimes returns 404 for an account that exists, so the task is sent once more.
void Plan::recheck(User& user, Task task, Time now) {
  task.was_missing = true;
  ++user.waiting;
  scheduler_.recheck(std::move(task), now + options_.backoff / kSooner, now + kRecheckDelay);
}

void Plan::recheck_due(Time now) {
  for (Task& task : scheduler_.take_rechecks(now, !intake_.is_over())) {
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
            [&](const Failure& failure) { fail_user(user, failure); }},
      step);
}

}  // namespace repopipe
