// Plan: subjects from the job's list to the database.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "pipeline/plan/plan.h"

namespace repopipe {
namespace {

// After so many runs without failures a larger page is requested again.
constexpr int kGoodRuns = 3;

// The next larger size of those that result from halving `job`; 0: the job's own.
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
  intake_.set_over(block.empty());
  add_subjects(std::move(block));
}

void Plan::expanded(std::vector<Subject> subjects) {
  add_subjects(std::move(subjects));
}

void Plan::add_subjects(std::vector<Subject> subjects) {
  for (Subject& subject : subjects) {
    std::string key = key_of(subject);
    if (subjects_.contains(key) || scheduler_.is_waiting(key)) continue;
    const std::uint32_t principal = principals_.of(key);
    scheduler_.add_subject(principal, std::move(key), std::move(subject));
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
            .subject = user.handle,
            .resource = user.subject.resource};
  user.make_conditional(task.request, principals_[principal].etag_owner());
  return task;
}

Task Plan::take_user(Subject subject, std::uint32_t principal) {
  User& user = subjects_.add(key_of(subject));
  user.waiting = 1;
  user.listing.login = subject.login;
  user.listing.resource = subject.resource;
  user.listing.account = subject.account;
  user.listing.per_page = page_size_for(subject, options_.per_page);
  user.subject = std::move(subject);
  if (lacks_parent(protocol_.resource(user.subject.resource))) {
    user.inquiry = Inquiry::number;
    return first_task(user, WhoHas{user.subject.login}, principal);
  }
  return first_task(user, question_of(user, protocol_), principal);
}

// A subject that waits or is in progress, because the job names it twice, is listed anyway.
void Plan::recalled(Result<Subject> subject) {
  if (!subject) return subjects_failed(subject.error());
  const std::string key = key_of(*subject);
  if (ending_ || subjects_.contains(key) || scheduler_.is_waiting(key)) {
    outage_.skip_control();
    return ready_probe();
  }
  const std::uint32_t principal = principals_.of(key);
  Task task = take_user(std::move(*subject), principal);
  subjects_.at(task.subject).is_second = true;
  scheduler_.queue(principal).add_first(std::move(task));
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
  const bool is_users = user.subject.resource == kRepositoriesId;
  if (!is_users && user.listing.outcome == Outcome::failed) tally_.list_failed(user.listing.error);
  if (!store_failed_) finished_.push_back(std::move(user.listing));
}

void Plan::written(SubjectHandle subject, Time now) {
  time_split_.spend(activity(), now);
  User& user = subjects_.at(subject);
  assert(user.left && !user.written);
  release(user);
}

void Plan::release(User& user) {
  if (std::exchange(user.written, true)) return;
  credits_.listing_written(user.pages);
}

void Plan::committed(SubjectHandle subject, Result<Stored> result, Time now) {
  time_split_.spend(activity(), now);
  User& user = subjects_.at(subject);
  assert(user.left);
  credits_.listing_committed();
  release(user);
  if (!result) {
    store_failed_ = true;
    finished_.clear();
    end_early(result.error());
  } else if (result->outcome != Outcome::abandoned) {
    settle(user, std::move(*result));
  }
  limits_.forget(user.subject.login);
  subjects_.remove(subject);
}

void Plan::settle(User& user, Stored stored) {
  const Subject subject{.login = user.subject.login, .resource = user.subject.resource};
  for (std::string& login : stored.accounts) intake_.add_account(std::move(login));
  if (!stored.refused.empty()) tally_.list_failed(stored.refused);
  if (user.is_second) return;
  if (stored.must_reread) intake_.reread(subject);
  if (subject.resource != kRepositoriesId) return;
  tally_.settled(stored.outcome);
  const bool is_listed = stored.outcome == Outcome::ok || stored.outcome == Outcome::unchanged;
  if (is_listed) outage_.remember_stored(subject);
}

}  // namespace repopipe
