// What Plan makes of tickets that come home.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "pipeline/backoff.h"
#include "pipeline/core/match.h"
#include "pipeline/core/text.h"
#include "pipeline/core/units.h"
#include "pipeline/plan.h"

namespace repopipe {
namespace {

// "Later in the run", for an answer that may be transient.
constexpr Duration kSecondLook = std::chrono::seconds(30);
// Below this a smaller page would not be easier on the server.
constexpr int kSmallestPage = 10;
// A ticket that so many workers crash over is at fault; one that merely sees them go is not, but
// something kills them, and cannot be asked what.
constexpr int kMostCrashes = 3;
constexpr int kMostLosses = 20;

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
         kind == FailureKind::internal;
}

// A listing that takes the server too long is cut, one way or another (GitHub docs,
// "Troubleshooting the REST API": requests of more than 10 seconds are terminated).
bool may_be_too_much(FailureKind kind) {
  return kind == FailureKind::server_error || kind == FailureKind::timeout ||
         kind == FailureKind::transport || kind == FailureKind::malformed;
}

}  // namespace

void Plan::settle(Settlement settlement, Time now) {
  wall_.spend(activity(), now);
  User& user = users_.at(fold_case(settlement.ticket.login));
  --tickets_out_;
  --user.out;
  limits_.came_home(settlement, now);
  was_answered_ = was_answered_ || settlement.exchange.status != 0;
  warn_of_expiry(settlement.ticket.principal, settlement.signals);
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
  finish_if_whole(user);
}

void Plan::accept(User& user, Ticket ticket, Answer answer, Time now) {
  const bool is_page = ticket.request.kind == RequestKind::page;
  if (std::holds_alternative<Listed>(answer) != is_page && !std::holds_alternative<Moved>(answer)) {
    const Failure failure{FailureKind::malformed, "the answer is none to this question"};
    refuse(user, std::move(ticket), failure, {}, now);
    return;
  }
  std::visit(Match{[&](Listed& listed) { accept_page(user, ticket, std::move(listed)); },
                   [&](Moved& moved) {
                     user.listing.moved = user.listing.moved || is_page;
                     ticket.request.target = std::move(moved.target);
                     ++ticket.request.redirects;
                     user.make_conditional(ticket.request, principals()[ticket.principal].identity);
                     lane_for(ticket).add_first(std::move(ticket));
                   },
                   [&](const Account& account) { accept_account(user, ticket, account); }},
             answer);
}

void Plan::accept_page(User& user, const Ticket& ticket, Listed listed) {
  const std::string& identity = principals()[ticket.principal].identity;
  if (const auto added = user.add(std::move(listed.page), identity); !added) {
    fail_user(user, added.error());
    return;
  }
  ++pages_held_;
  for (Request& request : listed.follow_ups) {
    user.make_conditional(request, identity);
    Ticket follow_up{.login = ticket.login,
                     .request = std::move(request),
                     .principal = ticket.principal,
                     .series = ticket.series};
    lane_for(follow_up).add(std::move(follow_up));
    ++user.missing;
  }
}

void Plan::accept_account(User& user, const Ticket& ticket, const Account& account) {
  if (ticket.request.kind == RequestKind::owner) {
    accept_owner(user, ticket.principal, account);
    return;
  }
  if (equal_ignoring_case(account.login, user.listing.login)) {
    fail_user(user, {FailureKind::not_found,
                     fmt::format("{}: the account exists, but its repositories are not visible",
                                 user.listing.login)});
    return;
  }
  user.listing.moved = true;
  start_over(user, ListingOfAccount{account.id, user.listing.per_page}, ticket, Time::min());
}

void Plan::refuse(User& user, Ticket ticket, const Failure& failure, const Signals& signals,
                  Time now) {
  const bool is_of_token = ticket.request.kind == RequestKind::owner;
  if (is_of_token && principals().is_benched(ticket.principal)) {
    accept_owner(user, ticket.principal, std::nullopt);
    return;
  }
  switch (policy_of(failure.kind).fate) {
    case Fate::reissue:
      reissue(user, std::move(ticket), failure);
      break;
    case Fate::wait:
      if (!was_answered_ && failure.kind == FailureKind::connect &&
          limits_.network().times_raised() >= options_.attempts) {
        end_early({FailureKind::unreachable, failure.message});
      }
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
      end_early(failure);
      break;
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
  } else if (is_unreachable(failure)) {
    end_early({FailureKind::unreachable, failure.message});
  } else {
    give_up(user, ticket, failure);
  }
}

// The request may have reached the API, so it goes out again as any other does, in its turn.
void Plan::reissue(User& user, Ticket ticket, const Failure& failure) {
  const int lost = ticket.crashes + ticket.losses;
  if (ticket.crashes < kMostCrashes && ticket.losses < kMostLosses) {
    lane_for(ticket).add_first(std::move(ticket));
  } else {
    give_up(user, ticket,
            {failure.kind, fmt::format("{}; it has cost {} workers", failure.message, lost)});
  }
}

// 401 and 404 come without reason now and then: each is asked once more.
void Plan::doubt(User& user, Ticket ticket, const Failure& failure, Time now) {
  if (failure.kind == FailureKind::unauthorized) {
    if (std::exchange(ticket.was_refused, true)) return bench(user, std::move(ticket), failure);
    lane_for(ticket).add_later(now + full_jitter(options_.backoff, 1, random_), std::move(ticket));
  } else if (!std::exchange(ticket.was_missing, true)) {
    looks_.push_back({now + options_.backoff, now + kSecondLook, std::move(ticket)});
  } else {
    not_found(user, ticket, failure);
  }
}

// The number of an account stays when its login changes.
void Plan::not_found(User& user, const Ticket& ticket, const Failure& failure) {
  const bool asks_for_page = ticket.request.kind == RequestKind::page;
  if (!asks_for_page || !user.listing.account || std::exchange(user.asked_who, true)) {
    return give_up(user, ticket, failure);
  }
  start_over(user, WhoIs{*user.listing.account}, ticket, Time::min());
}

void Plan::start_over(User& user, const Question& question, const Ticket& failed, Time due) {
  drop_tickets(user);
  pages_held_ -= user.start_over();
  Ticket ticket = first_ticket(user, question, failed.principal);
  lane_for(ticket).add_later(due, std::move(ticket));
}

void Plan::drop_tickets(const User& user) {
  const std::string& login = user.listing.login;
  for (Lane& lane : lanes_) lane.drop(login);
  std::erase_if(looks_, [&](const SecondLook& look) { return look.ticket.login == login; });
}

// After two failures of one page: a listing by smaller pages, which the server may have time for.
bool Plan::shrink_page(User& user, const Ticket& ticket, const Failure& failure, Time due) {
  const int size = user.listing.per_page > 0 ? user.listing.per_page : options_.per_page;
  const bool is_second = ticket.attempt == 2 && may_be_too_much(failure.kind);
  if (ticket.request.kind != RequestKind::page || !is_second || size / 2 < kSmallestPage) {
    return false;
  }
  user.listing.per_page = size / 2;
  if (user.listing.moved && user.listing.account) {
    start_over(user, ListingOfAccount{*user.listing.account, size / 2}, ticket, due);
  } else {
    start_over(user, ListingOf{user.listing.login, size / 2}, ticket, due);
  }
  return true;
}

// Nobody has ever been answered: it is not this user who is in trouble, and going on would only
// fail all others likewise.
bool Plan::is_unreachable(const Failure& failure) const {
  return !was_answered_ &&
         (failure.kind == FailureKind::transport || failure.kind == FailureKind::timeout);
}

void Plan::give_up(User& user, const Ticket& ticket, const Failure& failure) {
  if (ticket.request.kind == RequestKind::owner) {
    accept_owner(user, ticket.principal, std::nullopt);
  } else {
    fail_user(user, failure);
  }
}

void Plan::fail_user(User& user, const Failure& failure) {
  user.listing.outcome = outcome_of(failure.kind);
  user.listing.error = failure.message;
  pages_held_ -= user.forget_pages();
  drop_tickets(user);
}

void Plan::taken(const std::string& login, Time now) {
  wall_.spend(activity(), now);
  User& user = users_.at(fold_case(login));
  assert(user.left && !user.taken);
  release(user);
}

void Plan::release(User& user) {
  if (std::exchange(user.taken, true)) return;
  --listings_held_;
  pages_held_ -= user.pages;
}

void Plan::kept(const std::string& login, const Result<Stored>& result, Time now) {
  wall_.spend(activity(), now);
  const auto user = users_.find(fold_case(login));
  assert(user != users_.end() && user->second.left);
  --listings_out_;
  release(user->second);
  if (!result) {
    store_failed_ = true;
    finished_.clear();
    end_early(result.error());
  } else if (result->outcome != Outcome::abandoned) {
    ++users_settled_;
    if (result->outcome == Outcome::failed) ++users_failed_;
  }
  users_.erase(user);
}

}  // namespace repopipe
