// What Plan makes of the pages of a list: which are still to come, and whether it is the whole
// list.
#include <fmt/format.h>

#include <utility>

#include "pipeline/plan/backoff.h"
#include "pipeline/plan/plan.h"

namespace repopipe {
namespace {

// Below this a smaller page would not be easier on the server.
constexpr int kSmallestPage = 10;
bool has_no_records(const Page& page) {
  return page.state == PageState::read && page.rows.rows() == 0 && page.skipped == 0 &&
         page.skipped_ids.empty() && page.unnamed_skips == 0 && page.dropped_ids.empty();
}

}  // namespace

void Plan::accept_page(User& user, Task task, PageRead listed, Time now) {
  // A partial list is reported as that, and proves nothing about what it leaves out.
  if (user.total && listed.total && *user.total != *listed.total) {
    return begin_anew(user, std::move(task), *listed.total, now);
  }
  if (listed.total) user.total = listed.total;
  const bool is_explained = !listed.page.partial.empty() || listed.total.value_or(0) > 0;
  const bool is_doubtful =
      !is_explained && has_no_records(listed.page) && user.expects_records(task.request);
  if (is_doubtful) {
    const bool is_last_attempt = task.attempt >= options_.attempts;
    user.listing.came_empty = task.request.page <= 1 && is_last_attempt;
    const bool is_believed = user.listing.came_empty && user.subject.empty_before_run;
    if (!is_believed) return refuse_empty(user, std::move(task), now);
  }
  const std::string identity = principals_[task.principal].etag_owner();
  if (!listed.page.partial.empty()) user.listing.incomplete = listed.page.partial;
  if (const auto added = user.add(std::move(listed.page), identity); !added) {
    fail_user(user, added.error());
    return;
  }
  credits_.page_collected();
  for (Request& request : listed.follow_ups) {
    user.make_conditional(request, identity);
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
  if (user.shows_nothing()) return fail_user(user, nothing_visible(user));
  user.count_hidden();
  ask_for_former(user, task);
}

std::string_view Plan::name_of_records(const User& user) const {
  return protocol_.resource(user.subject.resource).name;
}

Failure Plan::nothing_visible(const User& user) const {
  return {FailureKind::blocked,
          fmt::format("{}: nothing is visible: the API counts {} {} and shows none",
                      user.listing.login, *user.total, name_of_records(user))};
}

// Records have come or gone between two pages, so one may have moved past both.
void Plan::begin_anew(User& user, Task task, std::uint64_t total, Time now) {
  const Failure failure{
      FailureKind::incomplete_list,
      fmt::format("{}: page {} is of a list of {} {}, and others of {}", task.login,
                  task.request.page, total, name_of_records(user), *user.total)};
  RequestLog& log = user.listing.request_logs.back();
  log.outcome = policy_of(failure.kind).name;
  log.error = failure.message;
  if (task.attempt >= options_.attempts) return give_up(user, task, failure);
  user.first_attempt = task.attempt + 1;
  start_over(user, question_of(user), task,
             now + full_jitter(options_.backoff, task.attempt, random_));
}

// Where repositories are known, or the API has announced some, an empty page is a failure.
void Plan::refuse_empty(User& user, Task task, Time now) {
  const std::string why =
      task.request.page <= 1
          ? fmt::format("but {} {} are known", user.subject.known_records, name_of_records(user))
          : std::string("but the list goes on there");
  const Failure failure{
      FailureKind::incomplete_list,
      fmt::format("{}: page {} is empty, {}", task.login, task.request.page, why)};
  RequestLog& log = user.listing.request_logs.back();
  log.outcome = policy_of(failure.kind).name;
  log.error = failure.message;
  if (read_anew(user, task)) return;
  const RetryDecision decision = decide(task, failure, log.status, {}, retry_options());
  follow(decision, user, std::move(task), failure, now);
}

// A later page that an earlier run knew may have gone since, and a first page that is unchanged
// does not tell.  Read without ETags, the first page announces all that there is.
bool Plan::read_anew(User& user, const Task& task) {
  if (task.request.page <= 1 || user.known_page(task.request) == nullptr) return false;
  if (task.attempt >= options_.attempts) return false;
  user.subject.pages.clear();
  user.first_attempt = task.attempt + 1;
  start_over(user, question_of(user), task, Time::min());
  return true;
}

// The page could not be had: what there is of the list is kept, and the user counts as failed.
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

// Most users that are dropped have nothing waiting, so nobody searches for it.
void Plan::drop_tasks(User& user) {
  if (std::exchange(user.waiting, 0) == 0) return;
  scheduler_.drop(user.handle);
  outage_.drop(user.handle);
}

// A listing by smaller pages, which the server may have time for.  The attempts go on counting.
// False: the page is as small as it gets.
bool Plan::shrink_page(User& user, const Task& task, Time due) {
  const int size = user.listing.per_page > 0 ? user.listing.per_page : options_.per_page;
  if (size / 2 < kSmallestPage) return false;
  user.listing.per_page = size / 2;
  user.first_attempt = task.attempt + 1;
  start_over(user, question_of(user), task, due);
  return true;
}

Question Plan::question_of(const User& user) const {
  const Listing& listing = user.listing;
  if (protocol_.knows_numbers(listing.resource) && listing.moved && listing.account) {
    return ListingOfAccount{*listing.account, listing.per_page, listing.resource};
  }
  return ListingOf{listing.login, listing.per_page, listing.resource};
}

}  // namespace repopipe
