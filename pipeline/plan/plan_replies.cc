// What Plan makes of tickets that come home.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "pipeline/base/match.h"
#include "pipeline/base/text.h"
#include "pipeline/base/units.h"
#include "pipeline/plan/backoff.h"
#include "pipeline/plan/plan.h"

namespace repopipe {
namespace {

// A ticket that so many workers crash over is at fault; one that merely sees them go is not, but
// something kills them, and cannot be asked what.
constexpr int kMostCrashes = 3;
constexpr int kMostLosses = 20;
// Of different ones.
constexpr std::size_t kMostNotes = 20;

Outcome outcome_of(FailureKind kind) {
  if (kind == FailureKind::not_found) return Outcome::not_found;
  if (kind == FailureKind::blocked) return Outcome::blocked;
  return Outcome::failed;
}

// It was called back before it was on the wire, or never came so far: no exchange took place.
bool never_went_out(const Settlement& settlement) {
  if (settlement.result) return false;
  const FailureKind kind = settlement.result.error().kind;
  return kind == FailureKind::cancelled || kind == FailureKind::queue || kind == FailureKind::job ||
         kind == FailureKind::machine_limit || kind == FailureKind::internal;
}

// Until a user is asked again whose limit would end the run.
constexpr Duration kPauseOfDoubt = std::chrono::seconds(1);

bool is_limit(FailureKind kind) {
  return kind == FailureKind::throttled || kind == FailureKind::rate_limited;
}

// The API has answered, and no limit was in the way.
bool is_granted(const Settlement& settlement) {
  return settlement.result || settlement.result.error().kind == FailureKind::not_found;
}

}  // namespace

void Plan::settle(Settlement settlement, Time now) {
  wall_.spend(activity(), now);
  User& user = users_.at(fold_case(settlement.ticket.login));
  --tickets_out_;
  tell_limits(settlement, now);
  weigh(settlement, now);
  --user.out;
  warn_of_expiry(settlement.ticket.principal, settlement.signals);
  say_once(settlement.signals.note);
  user.listing.queued += settlement.queued;
  user.listing.fetch += settlement.exchange.timing.total;
  user.listing.parse += settlement.parse;
  if (!never_went_out(settlement)) {
    user.listing.exchanges.push_back(std::move(settlement.exchange));
  }
  const bool is_stale = !user.is_listing() || settlement.ticket.series != user.series;
  if (is_stale) {
    // The user has failed or begun anew: this reply changes nothing any more.
  } else if (settlement.result) {
    accept(user, std::move(settlement.ticket), std::move(*settlement.result), now);
  } else {
    refuse(user, std::move(settlement.ticket), settlement.result.error(), settlement.signals, now);
  }
  ready_probe();
  finish_if_whole(user);
}

// A refusal that is proven to concern one user only holds up nobody else, and one that would end
// the run has to be met by a second user.
void Plan::tell_limits(const Settlement& settlement, Time now) {
  const std::string& login = settlement.ticket.login;
  const bool is_refusal = !settlement.result && is_limit(settlement.result.error().kind);
  const bool is_long = is_refusal && settlement.result.error().kind == FailureKind::throttled &&
                       settlement.signals.wait.value_or(Duration{}) > options_.max_wait;
  const bool is_doubtful = is_long && (was_answered_ || users_.size() > 1 || has_others());
  const bool is_alone = is_refusal && (suspects_.is_proven(login) ||
                                       (is_doubtful && suspects_.doubts_long_wait(login)));
  if (is_alone) {
    limits_.came_home_alone(settlement, now);
  } else {
    limits_.came_home(settlement, now, breaker_.is_open() ? Weather::outage : Weather::fair);
  }
  if (login.empty()) return;
  if (is_refusal) suspects_.refused(login, settlement.ticket.sent, now);
  if (is_granted(settlement)) suspects_.granted(login, settlement.ticket.sent);
}

void Plan::say_once(const std::string& note) {
  if (note.empty() || notes_.size() >= kMostNotes || !notes_.insert(note).second) return;
  words_.push_back({Weight::remark, note});
}

void Plan::accept(User& user, Ticket ticket, Answer answer, Time now) {
  const bool is_page = ticket.request.kind == RequestKind::page;
  if (std::holds_alternative<Listed>(answer) != is_page && !std::holds_alternative<Moved>(answer)) {
    const Failure failure{FailureKind::malformed, "the answer is none to this question"};
    refuse(user, std::move(ticket), failure, {}, now);
    return;
  }
  std::visit(
      Match{[&](Listed& listed) { accept_page(user, std::move(ticket), std::move(listed), now); },
            [&](Moved& moved) {
              user.listing.moved = user.listing.moved || is_page;
              ticket.request.target = std::move(moved.target);
              ++ticket.request.redirects;
              ticket.timed_out = false;
              user.make_conditional(ticket.request, principals()[ticket.principal].identity);
              lane_for(ticket).add_first(std::move(ticket));
            },
            [&](const Account& account) { accept_account(user, ticket, account); }},
      answer);
}

void Plan::refuse(User& user, Ticket ticket, const Failure& failure, const Signals& signals,
                  Time now) {
  const bool is_of_token = ticket.request.kind == RequestKind::owner;
  if (is_of_token && principals().is_benched(ticket.principal)) {
    accept_owner(user, ticket.principal, std::nullopt);
    return;
  }
  ticket.timed_out = failure.kind == FailureKind::timeout;
  if (may_be_everybodys(failure.kind)) {
    return suspect(user, std::move(ticket), failure, signals, now);
  }
  if (is_limit(failure.kind) && !is_of_token) {
    return refuse_by_limit(user, std::move(ticket), failure, signals, now);
  }
  switch (policy_of(failure.kind).fate) {
    case Fate::reissue:
      reissue(user, std::move(ticket), failure);
      break;
    case Fate::wait:
      calls_back_ = true;
      lane_for(ticket).add_first(std::move(ticket));
      break;
    case Fate::retry:
      retry(user, std::move(ticket), failure, signals, now);
      break;
    case Fate::retry_once:
      doubt(user, std::move(ticket), failure, now);
      break;
    case Fate::bench:
      bench(user, std::move(ticket), failure);
      break;
    case Fate::fail_user:
      give_up(user, ticket, failure);
      break;
    case Fate::end_run:
      end_early({failure.kind, cause_of(ticket, failure)});
      break;
  }
}

// A limit that everybody meets costs no attempt.  One that this user alone meets does: it lets
// another go first, which tells them apart, and then it waits for itself.
void Plan::refuse_by_limit(User& user, Ticket ticket, const Failure& failure,
                           const Signals& signals, Time now) {
  const int counted = suspects_.count_of(ticket.login);
  const bool is_proven = suspects_.is_proven(ticket.login);
  const Duration wait = signals.wait.value_or(Duration{});
  if (ticket.attempt - 1 + counted >= options_.attempts ||
      (is_proven && wait > options_.max_wait)) {
    return give_up(user, ticket, failure);
  }
  if (is_proven) {
    const Duration backoff = full_jitter(options_.backoff, counted, random_);
    lane_for(ticket).add_later(now + std::max(backoff, wait), std::move(ticket));
    return;
  }
  if (failure.kind == FailureKind::throttled && wait > options_.max_wait) {
    lane_for(ticket).add_later(now + kPauseOfDoubt, std::move(ticket));
    return;
  }
  calls_back_ = true;
  if (suspects_.refusals_of(ticket.login) > 1) {
    ++user.waiting;
    yielding_.push_back(std::move(ticket));
  } else {
    lane_for(ticket).add_first(std::move(ticket));
  }
}

// After a request of a user that was not refused, or when there is none.
void Plan::end_yielding() {
  for (Ticket& ticket : std::exchange(yielding_, {})) {
    --users_.at(fold_case(ticket.login)).waiting;
    lane_for(ticket).add_first(std::move(ticket));
  }
}

void Plan::retry(User& user, Ticket ticket, const Failure& failure, const Signals& signals,
                 Time now) {
  if (failure.kind == FailureKind::cancelled) {  // no attempt was made, so none failed
    lane_for(ticket).add_first(std::move(ticket));
    return;
  }
  const Duration wait = signals.wait.value_or(Duration{});
  if (ticket.attempt < options_.attempts && wait <= options_.max_wait) {
    const Duration backoff = full_jitter(options_.backoff, ticket.attempt, random_);
    const Time due = now + std::max(backoff, wait);
    if (shrink_page(user, ticket, failure, due)) return;
    ++ticket.attempt;
    lane_for(ticket).add_later(due, std::move(ticket));
  } else {
    give_up(user, ticket, failure);
  }
}

// The request may have reached the API, so it goes out again as any other does, in its turn.
void Plan::reissue(User& user, Ticket ticket, const Failure& failure) {
  const int times = ticket.crashes + ticket.losses;
  if (ticket.crashes < kMostCrashes && ticket.losses < kMostLosses) {
    lane_for(ticket).add_first(std::move(ticket));
  } else {
    give_up(user, ticket,
            {failure.kind, fmt::format("{}; that happened {} times", failure.message, times)});
  }
}

void Plan::give_up(User& user, const Ticket& ticket, const Failure& failure) {
  if (ticket.request.kind == RequestKind::owner) {
    accept_owner(user, ticket.principal, std::nullopt);
  } else if (user.inquiry == Inquiry::other_account && user.missing > 0 &&
             ticket.request.kind == RequestKind::account) {
    --user.missing;  // nothing is known of the former account, and the list is whole
  } else if (failure.kind == FailureKind::incomplete_list &&
             ticket.request.kind == RequestKind::page) {
    go_without(user, failure);
  } else {
    fail_user(user, failure);
  }
}

void Plan::fail_user(User& user, const Failure& failure) {
  user.listing.outcome = outcome_of(failure.kind);
  user.listing.error = failure.message;
  user.listing.incomplete.clear();
  user.listing.came_empty = false;
  if (user.listing.outcome == Outcome::failed && !user.is_second) count_failure(failure);
  pages_held_ -= user.forget_pages();
  drop_tickets(user);
}

void Plan::count_failure(const Failure& failure) {
  Cause& cause = causes_[failure.kind];
  if (cause.users++ == 0) cause.example = failure.message;
}

}  // namespace repopipe
