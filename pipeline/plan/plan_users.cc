// How users come to Plan and leave it.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/plan/plan.h"

namespace repopipe {
namespace {

// After so many runs without trouble a page size is given another try.
constexpr int kGoodRuns = 3;

// The next larger of the sizes that come of halving `job`; 0: the job's own.
int enlarged(int size, int job) {
  int larger = job;
  while (larger / 2 > size) larger /= 2;
  return larger == job ? 0 : larger;
}

// 0: the job's own.
int page_size_for(const Subject& subject, int job) {
  if (subject.per_page <= 0 || subject.per_page >= job) return 0;
  return subject.good_runs >= kGoodRuns ? enlarged(subject.per_page, job) : subject.per_page;
}

}  // namespace

void Plan::offer(std::vector<Subject> block) {
  subjects_over_ = block.empty();
  for (Subject& subject : block) {
    std::string folded = fold_case(subject.login);
    if (subjects_.contains(folded) || scheduler_.is_waiting(folded)) continue;
    const std::uint32_t principal = principals().of(folded);
    scheduler_.add_subject(principal, std::move(folded), std::move(subject));
  }
}

void Plan::subjects_failed(const Failure& failure) {
  end_early(failure);
}

Task Plan::first_task(User& user, const Question& question, std::uint32_t principal) const {
  Task task{.login = user.listing.login,
            .request = protocol_.ask(question),
            .attempt = user.first_attempt,
            .principal = principal,
            .generation = user.generation,
            .subject = user.handle};
  user.make_conditional(task.request, principals()[principal].etag_owner());
  return task;
}

Task Plan::take_user(Subject subject, std::uint32_t principal) {
  User& user = subjects_.add(fold_case(subject.login));
  user.waiting = 1;
  user.listing.login = subject.login;
  user.listing.account = subject.account;
  user.listing.per_page = page_size_for(subject, options_.per_page);
  user.subject = std::move(subject);
  return first_task(user, ListingOf{user.subject.login, user.listing.per_page}, principal);
}

// A user that the job names twice may wait for its second turn: that one lists it anyway.
void Plan::recalled(Result<Subject> subject) {
  if (!subject) return subjects_failed(subject.error());
  const std::string folded = fold_case(subject->login);
  if (ending_ || subjects_.contains(folded) || scheduler_.is_waiting(folded)) {
    if (asked_control_ == AskedControl::waits) asked_control_ = AskedControl::yes;
    return ready_probe();
  }
  const std::uint32_t principal = principals().of(folded);
  scheduler_.queue(principal).add_first(take_user(std::move(*subject), principal));
  subjects_.find(folded)->is_second = true;
}

Write Plan::write() {
  Write step{std::move(finished_.front())};
  finished_.pop_front();
  credits_.listing_left();
  return step;
}

void Plan::finish_if_whole(User& user) {
  if (user.is_whole()) finish(user);
}

void Plan::finish(User& user) {
  if (std::exchange(user.left, true)) return;
  user.conclude();
  if (user.listing.outcome != Outcome::abandoned) notices_.add_what_lacks(user.listing);
  if (!store_failed_) finished_.push_back(std::move(user.listing));
}

void Plan::written(const std::string& login, Time now) {
  wall_.spend(activity(), now);
  User* const user = subjects_.find(fold_case(login));
  assert(user != nullptr && user->left && !user->written);
  release(*user);
}

void Plan::release(User& user) {
  if (std::exchange(user.written, true)) return;
  credits_.listing_written(user.pages);
}

void Plan::committed(const std::string& login, const Result<Stored>& result, Time now) {
  wall_.spend(activity(), now);
  User* const user = subjects_.find(fold_case(login));
  assert(user != nullptr && user->left);
  credits_.listing_committed();
  release(*user);
  const bool is_second = user->is_second;
  if (!result) {
    store_failed_ = true;
    finished_.clear();
    end_early(result.error());
  } else if (result->outcome != Outcome::abandoned && !is_second) {
    tally_.settled(result->outcome);
    if (result->must_reread) rereads_.push_back(login);
    const bool is_listed = result->outcome == Outcome::ok || result->outcome == Outcome::unchanged;
    if (is_listed && control_.empty()) control_ = login;
  }
  suspects_.forget(login);
  subjects_.remove(user->handle);
}

}  // namespace repopipe
