#include "pipeline/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "pipeline/core/text.h"
#include "pipeline/core/units.h"

namespace repopipe {
namespace {

// So many users may wait for principals that have to pause; more are not read ahead.
constexpr std::size_t kMostWaiting = 20'000;
constexpr Duration kBetweenWords = std::chrono::minutes(1);
// A shorter pause is not worth a line.
constexpr Duration kWorthAWord = std::chrono::seconds(2);

}  // namespace

Plan::Plan(const PlanOptions& options, const Provider& provider, Time start)
    : options_(options),
      provider_(provider),
      random_(options.seed),
      wall_(start),
      limits_(options.limits, options.principals),
      lanes_(options.principals.size()),
      is_ready_(options.principals.size(), options.principals.size() == 1),
      was_warned_(options.principals.size(), false) {
  assert(options.credits > 0 && options.attempts > 0);
  if (options.principals.size() > 1) ask_for_owners();
}

Step Plan::next(Time now) {
  wall_.spend(activity(), now);
  if (now >= options_.deadline) {
    stop(RunStatus::deadline, ExitCode::try_later,
         "run.deadline came; the next run goes on where this one stopped");
  }
  if (std::exchange(calls_back_, false) && tickets_out_ > 0) return CallBack{};
  if (!words_.empty()) {
    Say say = std::move(words_.front());
    words_.pop_front();
    return say;
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
  if (tickets_out_ >= limits_.most_out(std::min(options_.most_out, options_.credits)))
    return Idle{};
  look_again(now);
  const Turn turn = next_turn(now);
  if (turn.opening.at <= now) return take_turn(turn, now);
  if (keys_over_ && waiting_.empty() && users_.empty()) {
    over_ = true;
    return Over{};
  }
  return wait_for(turn, now);
}

// The principals take turns; of those that have to wait, the first that may go on counts.
Plan::Turn Plan::next_turn(Time now) {
  Turn first;
  for (std::uint32_t i = 0; i < principals().size(); ++i) {
    const std::uint32_t principal = (turn_ + i) % principals().size();
    const Turn turn = turn_of(principal, now);
    if (turn.opening.at <= now) return turn;
    if (turn.opening.at < first.opening.at) first = turn;
  }
  return first;
}

Plan::Turn Plan::turn_of(std::uint32_t principal, Time now) {
  Turn turn{.principal = principal};
  if (principals().is_benched(principal)) return turn;
  const Lane& lane = lanes_[principal];
  const bool may_begin = held() < options_.credits && is_ready_[principal];
  const Time due = lane.next_due();
  turn.is_new_user = due > now && may_begin && (lane.has_keys() || may_read_keys());
  if (!turn.is_new_user && due == Time::max()) return turn;
  // With nobody waiting, whether there is anybody at all is worth knowing before any pause.
  const bool only_reads = turn.is_new_user && waiting_.empty();
  turn.opening = only_reads ? Opening{now} : limits_.opening(principal, now);
  if (!turn.is_new_user && due > turn.opening.at) turn.opening = {due};
  return turn;
}

bool Plan::may_read_keys() const {
  return !keys_over_ && waiting_.size() < kMostWaiting;
}

Step Plan::take_turn(const Turn& turn, Time now) {
  Lane& lane = lanes_[turn.principal];
  if (turn.is_new_user && !lane.has_keys()) return ReadKeys{};
  turn_ = (turn.principal + 1) % principals().size();
  if (turn.is_new_user) return send(take_user(*lane.take_key(), turn.principal), now);
  return send(*lane.take_ticket(now), now);
}

Step Plan::wait_for(const Turn& turn, Time now) {
  const Time until = std::min({turn.opening.at, look_time(), options_.deadline});
  if (until == Time::max()) return Idle{};
  const Obstacle obstacle = turn.opening.obstacle;
  const bool is_limit = obstacle == Obstacle::quota || obstacle == Obstacle::secondary ||
                        obstacle == Obstacle::network || obstacle == Obstacle::queue;
  if (!is_limit || tickets_out_ > 0) return NotBefore{until};
  if (is_too_long(turn, now)) return drain();
  // Without an end of its own, somebody may have to do something.
  const bool is_brief = obstacle != Obstacle::queue && turn.opening.at - now < kWorthAWord;
  if (is_brief) return NotBefore{until};
  if (now < next_word_) return NotBefore{std::min(until, next_word_)};
  next_word_ = now + kBetweenWords;
  return Say{Weight::remark, "waiting: " + limits_.explain(turn.principal, obstacle),
             turn.opening.at};
}

// Then the run is told to end.
bool Plan::is_too_long(const Turn& turn, Time now) {
  const Obstacle obstacle = turn.opening.obstacle;
  const std::string cause = limits_.explain(turn.principal, obstacle);
  if (const auto since = limits_.lasts_since(obstacle)) {
    const Duration lasted = now - *since;
    if (lasted <= options_.max_wait) return false;
    end_early({FailureKind::unreachable, fmt::format("{} since {}", cause, show_rounded(lasted))});
    return true;
  }
  if (limits_.is_all_reserved(turn.principal)) {
    end_early({FailureKind::job, cause + ": nothing is left for this job; lower limits.reserve"});
    return true;
  }
  const Duration wait = turn.opening.at - now;
  const bool is_late = turn.opening.at >= options_.deadline;
  if (wait <= options_.max_wait && !is_late) return false;
  stop(RunStatus::limited, ExitCode::try_later,
       fmt::format("{} for {} more, {}; the next run goes on where this one stopped", cause,
                   show_rounded(wait),
                   is_late ? "past run.deadline" : "longer than run.max_wait allows"));
  return true;
}

// "Later in the run" is after half a minute, or when nothing else is left to do.
Time Plan::look_time() const {
  if (looks_.empty()) return Time::max();
  const auto has_work = [](const Lane& lane) { return lane.has_tickets() || lane.has_keys(); };
  const bool is_idle = keys_over_ && tickets_out_ == 0 && std::ranges::none_of(lanes_, has_work);
  return is_idle ? looks_.front().earliest : looks_.front().latest;
}

void Plan::look_again(Time now) {
  while (look_time() <= now) {
    Ticket ticket = std::move(looks_.front().ticket);
    looks_.pop_front();
    lane_for(ticket).add(std::move(ticket));
  }
}

Ticket Plan::first_ticket(User& user, const Question& question, std::uint32_t principal) const {
  Ticket ticket{.login = user.listing.login,
                .request = provider_.ask(question),
                .principal = principal,
                .series = user.series};
  user.make_conditional(ticket.request, principals()[principal].identity);
  return ticket;
}

Ticket Plan::take_user(Key key, std::uint32_t principal) {
  std::string folded = fold_case(key.login);
  waiting_.erase(folded);
  User& user = users_[std::move(folded)];
  user.listing.login = key.login;
  user.listing.account = key.account;
  user.listing.per_page = std::min(key.per_page, options_.per_page);
  user.key = std::move(key);
  return first_ticket(user, ListingOf{user.key.login, user.listing.per_page}, principal);
}

Send Plan::send(Ticket ticket, Time now) {
  ticket.id = next_id_++;
  ticket.sent = now;
  ++tickets_out_;
  limits_.sent(ticket.principal);
  ++users_.at(fold_case(ticket.login)).out;
  return {std::move(ticket)};
}

Keep Plan::keep() {
  Keep step{std::move(finished_.front())};
  finished_.pop_front();
  ++listings_out_;
  ++listings_held_;
  return step;
}

void Plan::offer(std::vector<Key> block) {
  keys_over_ = block.empty();
  for (Key& key : block) {
    std::string folded = fold_case(key.login);
    if (users_.contains(folded) || waiting_.contains(folded)) continue;
    lanes_[principals().of(folded)].add(std::move(key));
    waiting_.insert(std::move(folded));
  }
}

void Plan::keys_failed(const Failure& failure) {
  end_early(failure);
}

void Plan::finish_if_whole(User& user) {
  if (user.is_whole()) finish(user);
}

void Plan::finish(User& user) {
  if (std::exchange(user.left, true)) return;
  user.conclude();
  if (!store_failed_) finished_.push_back(std::move(user.listing));
}

void Plan::stop(RunStatus status, ExitCode exit_code, std::string reason) {
  if (ending_) return;
  ending_ = Ending{status, exit_code, std::move(reason)};
  calls_back_ = true;
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
