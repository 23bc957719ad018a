#include "pipeline/plan.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "pipeline/backoff.h"
#include "pipeline/core/text.h"
#include "pipeline/principal.h"

namespace repopipe {
namespace {

Outcome outcome_of(FailureKind kind) {
  if (kind == FailureKind::not_found) return Outcome::not_found;
  if (kind == FailureKind::blocked) return Outcome::blocked;
  return Outcome::failed;
}

// It was called back before it was on the wire: no exchange took place.
bool was_cancelled(const Settlement& settlement) {
  return !settlement.result && settlement.result.error().kind == FailureKind::cancelled;
}

}  // namespace

Plan::Plan(const PlanOptions& options, const Provider& provider, Time start)
    : options_(options),
      provider_(provider),
      random_(options.seed),
      wall_(start),
      pace_(options.pace) {
  assert(options.credits > 0 && options.attempts > 0 && options.principals > 0);
}

Step Plan::next(Time now) {
  wall_.spend(activity(), now);
  if (now >= options_.deadline) {
    stop(RunStatus::deadline, ExitCode::try_later,
         "run.deadline came; the next run goes on where this one stopped");
  }
  if (!finished_.empty()) return keep();
  if (ending_) return drain();
  Step step = work(now);
  const bool has_deadline = options_.deadline != Time::max();
  if (std::holds_alternative<Idle>(step) && has_deadline) return NotBefore{options_.deadline};
  return step;
}

// Nothing more is sent.  Users that are not complete give up their pages, but what their exchanges
// took is kept.
Step Plan::drain() {
  if (tickets_out_ > 0 || listings_out_ > 0) return Idle{};
  if (store_failed_) users_.clear();
  for (auto& [folded, user] : users_) {
    user.listing.outcome = Outcome::abandoned;
    finish(user);
  }
  if (!finished_.empty()) return keep();
  over_ = true;
  return Over{};
}

Step Plan::work(Time now) {
  if (tickets_out_ >= options_.credits) return Idle{};
  const bool has_credit = held() < options_.credits;
  drop_known_keys();
  if (keys_.empty() && !keys_over_ && has_credit) return ReadKeys{};
  if (keys_.empty() && keys_over_ && users_.empty()) {
    over_ = true;
    return Over{};
  }
  const bool takes_user = has_credit && !keys_.empty();
  if (!takes_user && ready_.empty() && later_.empty()) return Idle{};
  Time due = pace_.free_at(now);
  if (!takes_user && ready_.empty()) due = std::max(due, later_.begin()->first);
  if (due > now) return NotBefore{std::min(due, options_.deadline)};
  if (auto ticket = take_ready(now)) return send(std::move(*ticket), now);
  return send(take_user(), now);
}

// Users that are under way, or were settled since the block that names them was asked for.
void Plan::drop_known_keys() {
  while (!keys_.empty()) {
    const std::string folded = fold_case(keys_.front().login);
    if (!recent_.contains(folded) && !users_.contains(folded)) return;
    keys_.pop_front();
  }
}

// Retries that are due, and follow-up pages: both go ahead of new users.
std::optional<Ticket> Plan::take_ready(Time now) {
  if (!later_.empty() && later_.begin()->first <= now) {
    Ticket ticket = std::move(later_.begin()->second);
    later_.erase(later_.begin());
    return ticket;
  }
  if (ready_.empty()) return std::nullopt;
  Ticket ticket = std::move(ready_.front());
  ready_.pop_front();
  return ticket;
}

Ticket Plan::take_user() {
  const Key key = std::move(keys_.front());
  keys_.pop_front();
  std::string folded = fold_case(key.login);
  const std::uint32_t principal = principal_of(folded, options_.principals);
  users_[std::move(folded)].listing.login = key.login;
  return {.login = key.login, .request = provider_.first_request(key), .principal = principal};
}

Send Plan::send(Ticket ticket, Time now) {
  ticket.id = next_id_++;
  ticket.sent = now;
  ++tickets_out_;
  pace_.sent(now);
  ++users_.at(fold_case(ticket.login)).out;
  return {std::move(ticket)};
}

Keep Plan::keep() {
  Keep step{std::move(finished_.front())};
  finished_.pop_front();
  ++listings_out_;
  return step;
}

void Plan::offer(std::vector<Key> block) {
  keys_over_ = block.empty();
  recent_.clear();
  std::ranges::move(block, std::back_inserter(keys_));
}

void Plan::keys_failed(const Failure& failure) {
  end_early(failure);
}

void Plan::settle(Settlement settlement, Time now) {
  wall_.spend(activity(), now);
  User& user = users_.at(fold_case(settlement.ticket.login));
  --tickets_out_;
  --user.out;
  was_answered_ = was_answered_ || settlement.exchange.status != 0;
  pace_.answered(settlement.exchange.timing.total, now);
  user.listing.queued += settlement.queued;
  user.listing.fetch += settlement.exchange.timing.total;
  user.listing.parse += settlement.parse;
  if (!was_cancelled(settlement)) {
    user.listing.exchanges.push_back(std::move(settlement.exchange));
  }
  if (settlement.result) {
    accept(user, settlement.ticket, std::move(*settlement.result));
  } else {
    refuse(user, std::move(settlement.ticket), settlement.result.error(), now);
  }
  finish_if_whole(user);
}

void Plan::accept(User& user, const Ticket& ticket, Accepted accepted) {
  if (user.listing.outcome != Outcome::ok) return;
  user.listing.pages.push_back(std::move(accepted.page));
  ++user.pages;
  ++pages_held_;
  --user.missing;
  for (Request& request : accepted.follow_ups) {
    ready_.push_back(
        {.login = ticket.login, .request = std::move(request), .principal = ticket.principal});
    ++user.missing;
  }
}

void Plan::refuse(User& user, Ticket ticket, const Failure& failure, Time now) {
  if (user.listing.outcome != Outcome::ok) return;
  if (failure.kind == FailureKind::cancelled) {  // no attempt was made, so none failed
    ready_.push_front(std::move(ticket));
    return;
  }
  switch (policy_of(failure.kind).fate) {
    case Fate::retry:
      if (ticket.attempt < options_.attempts) {
        const Time due = now + full_jitter(options_.backoff, ticket.attempt, random_);
        ++ticket.attempt;
        later_.emplace(due, std::move(ticket));
      } else if (is_unreachable(failure)) {
        end_early({FailureKind::unreachable, failure.message});
      } else {
        fail_user(user, failure);
      }
      break;
    case Fate::fail_user:
      fail_user(user, failure);
      break;
    case Fate::end_run:
      end_early(failure);
      break;
  }
}

// Nobody has ever been answered: it is not this user who is in trouble, and going on would only
// fail all others likewise.
bool Plan::is_unreachable(const Failure& failure) const {
  return !was_answered_ &&
         (failure.kind == FailureKind::transport || failure.kind == FailureKind::timeout);
}

void Plan::fail_user(User& user, const Failure& failure) {
  const std::string login = user.listing.login;
  user.listing.outcome = outcome_of(failure.kind);
  user.listing.error = failure.message;
  user.listing.pages.clear();
  pages_held_ -= std::exchange(user.pages, 0);
  std::erase_if(ready_, [&](const Ticket& ticket) { return ticket.login == login; });
  std::erase_if(later_, [&](const auto& entry) { return entry.second.login == login; });
}

void Plan::finish_if_whole(User& user) {
  const bool failed = user.listing.outcome != Outcome::ok && user.out == 0;
  if (failed || user.missing == 0) finish(user);
}

void Plan::finish(User& user) {
  if (std::exchange(user.left, true)) return;
  if (user.listing.outcome == Outcome::abandoned) user.listing.pages.clear();
  std::ranges::sort(user.listing.pages, {}, &Page::number);
  if (!store_failed_) finished_.push_back(std::move(user.listing));
}

void Plan::kept(const std::string& login, const Result<Stored>& result, Time now) {
  wall_.spend(activity(), now);
  const auto user = users_.find(fold_case(login));
  assert(user != users_.end() && user->second.left);
  --listings_out_;
  pages_held_ -= user->second.pages;
  if (!result) {
    store_failed_ = true;
    finished_.clear();
    end_early(result.error());
  } else if (result->outcome != Outcome::abandoned) {
    ++users_settled_;
    if (result->outcome == Outcome::failed) ++users_failed_;
    recent_.insert(user->first);
  }
  users_.erase(user);
}

void Plan::stop(RunStatus status, ExitCode exit_code, std::string reason) {
  if (!ending_) ending_ = Ending{status, exit_code, std::move(reason)};
}

void Plan::end_early(const Failure& failure) {
  stop(RunStatus::failed, policy_of(failure.kind).exit_code, failure.message);
}

Activity Plan::activity() const {
  if (next_id_ == 1) return Activity::starting;
  if (over_) return Activity::finishing;
  if (tickets_out_ > 0) return Activity::fetching;
  if (listings_out_ > 0) return Activity::processing;
  return Activity::waiting;
}

RunEnd Plan::end() const {
  RunEnd end{.status = RunStatus::complete, .exit_code = ExitCode::complete};
  end.times = wall_.times();
  const std::uint64_t users = options_.users_before + users_settled_;
  const std::uint64_t failed = options_.failures_before + users_failed_;
  if (ending_) {
    end.status = ending_->status;
    end.exit_code = ending_->exit_code;
    end.error = ending_->reason;
  } else if (static_cast<double>(failed) > options_.fail_ratio * static_cast<double>(users)) {
    end.status = RunStatus::incomplete;
    end.exit_code = ExitCode::incomplete;
    end.error = std::to_string(failed) + " of " + std::to_string(users) +
                " users failed, more than run.fail_ratio allows";
  }
  return end;
}

}  // namespace repopipe
