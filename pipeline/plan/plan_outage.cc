// How Plan tells an outage, which costs nobody an attempt, from the trouble of one request.
//
// A request that fails as an outage would make it fail is a suspect at first.  An answer to a
// request that was sent after it failed shows that it failed alone: then it costs an attempt.  If
// the requests of others fail too and nothing is answered meanwhile, the breaker opens, and
// suspects cost nothing.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/base/units.h"
#include "pipeline/plan/plan.h"

namespace repopipe {
namespace {

// A shorter outage is not worth a line.
constexpr Duration kWorthALine = std::chrono::seconds(2);
constexpr Duration kBetweenLines = std::chrono::minutes(1);

// Failures of one subject count once, however many pages it has.
std::string subject_of(const Task& task) {
  if (task.request.kind != RequestKind::owner) return fold_case(task.login);
  return fmt::format("token {}", task.principal);
}

}  // namespace

// What happened, without whose request it was.
std::string Plan::cause_of(const Task& task, const Failure& failure) {
  for (const std::string& noun : {noun_of(task) + ": ", task.login + ": "}) {
    if (failure.message.starts_with(noun)) return failure.message.substr(noun.size());
  }
  return failure.message;
}

bool Plan::may_be_everybodys(FailureKind kind) {
  return policy_of(kind).cooldown == CoolsDown::network;
}

// What a task result tells of everybody, whatever becomes of its user.
void Plan::weigh(const TaskResult& task_result, Time now) {
  const Task& task = task_result.task;
  breaker_.came_home(task.id);
  const bool has_response = task_result.log.status != 0;
  was_reached_ = was_reached_ || has_response;
  if (task_result.result || (has_response && !may_be_everybodys(task_result.result.error().kind))) {
    was_answered_ = true;
    const bool was_outage = breaker_.is_open() && task.sent >= breaker_.opened_at();
    if (breaker_.answered(task.sent) && was_outage) {
      if (is_control(task)) acquit_api();
      end_outage();
    }
    charge_refuted(task.sent);
    return;
  }
  const Failure& failure = task_result.result.error();
  if (!may_be_everybodys(failure.kind)) return;
  const User& user = subjects_.at(task.subject);
  if (user.fails_alone && !breaker_.is_open()) return;
  auto wait = task_result.rate_limits.wait;
  if (wait && *wait > options_.max_wait) wait.reset();
  const Trouble trouble{.task = task.id,
                        .subject = subject_of(task),
                        .kind = failure.kind,
                        .cause = cause_of(task, failure),
                        .sent = task.sent,
                        .wait = wait};
  if (breaker_.failed(trouble, now)) begin_outage();
}

void Plan::suspect(User& user, Task task, const Failure& failure, const RateLimitInfo& rate_limits,
                   Time now) {
  if (user.fails_alone && !breaker_.is_open()) {
    const Duration wait = rate_limits.wait.value_or(Duration{});
    const auto decision = decide_alone(user, task, failure, wait);
    follow(decision, user, std::move(task), failure, now);
  } else {
    ++user.waiting;
    outage_suspects_.push_back({std::move(task), failure, rate_limits, now});
  }
}

Plan::Suspect Plan::take_suspect() {
  Suspect suspect = std::move(outage_suspects_.front());
  outage_suspects_.pop_front();
  --subjects_.at(suspect.task.subject).waiting;
  return suspect;
}

// It failed alone.
void Plan::charge(Suspect suspect) {
  User& user = subjects_.at(suspect.task.subject);
  user.fails_alone = true;
  const Duration wait = suspect.rate_limits.wait.value_or(Duration{});
  const auto decision = decide_alone(user, suspect.task, suspect.failure, wait);
  follow(decision, user, std::move(suspect.task), suspect.failure, suspect.failed_at);
  finish_if_whole(user);
}

// A request that was sent then has been answered.
void Plan::charge_refuted(Time sent) {
  while (!breaker_.is_open() && !outage_suspects_.empty() &&
         outage_suspects_.front().failed_at <= sent) {
    charge(take_suspect());
  }
}

// Nothing of others is under way and nothing else can be sent, so no other request will ever tell.
// A connection is everybody's.  So is what befalls each of several users if the API has answered
// nobody.  The last users of a run cannot tell; one that was answered before can, and is asked as
// soon as it is in the database.  False: there is no suspect, or it is too early to tell.
bool Plan::judge_without_others(Time now) {
  if (credits_.has_listings() || outage_suspects_.empty() || breaker_.is_open()) return false;
  if (control_.login.empty() && (credits_.has_uncommitted() || !finished_.empty())) return false;
  std::set<std::uint32_t> users;
  std::set<std::string> subjects;
  std::size_t out = 0;
  bool is_everybodys = !was_reached_;
  for (const Suspect& each : outage_suspects_) {
    subjects.insert(subject_of(each.task));
    const SubjectHandle user = each.task.subject;
    if (users.insert(user.index).second) out += subjects_.at(user).out;
    is_everybodys =
        is_everybodys || policy_of(each.failure.kind).exchanged == Exchanged::unanswered;
  }
  if (credits_.tasks() > out) return false;
  is_everybodys = is_everybodys || (!was_answered_ && subjects.size() > 1);
  if (is_everybodys || can_ask_control()) {
    if (!is_everybodys && credits_.tasks() > 0) return false;
    breaker_.open(now);
    begin_outage();
    asks_for_the_last_ = !is_everybodys;
    ready_probe();
  } else {
    while (!outage_suspects_.empty()) charge(take_suspect());
  }
  return true;
}

void Plan::begin_outage() {
  cancels_queued_ = true;
  probe_is_ready_ = false;
  asked_control_ = AskedControl::no;
  asks_for_the_last_ = false;
  next_word_ = Time::min();
}

// No suspect failed by itself.
void Plan::end_outage() {
  while (!outage_suspects_.empty()) {
    Task task = take_suspect().task;
    queue_for(task).add(std::move(task));
  }
}

// The one that has waited longest is the next probe, so that each is another user's.
void Plan::ready_probe() {
  if (!breaker_.is_open() || breaker_.is_probing() || probe_is_ready_ || outage_suspects_.empty())
    return;
  if (asked_control_ == AskedControl::waits || ask_control()) return;
  Task task = take_suspect().task;
  queue_for(task).add_first(std::move(task));
  probe_is_ready_ = true;
}

// Suspects alone cannot tell whether everybody fails: each may be in trouble of its own.  A user
// that was answered before can: its list is read again, once an outage, when what is under way is
// home.  False: that was done, or cannot be.
bool Plan::ask_control() {
  if (asked_control_ == AskedControl::yes || !can_ask_control()) return false;
  if (credits_.tasks() > 0) return true;
  asked_control_ = AskedControl::waits;
  rereads_.push_front(control_);
  return true;
}

bool Plan::can_ask_control() const {
  return !control_.login.empty() && may_begin() && !subjects_.contains(key_of(control_));
}

bool Plan::is_control(const Task& task) const {
  return asked_control_ != AskedControl::no && task.resource == control_.resource &&
         task.login == control_.login;
}

// From now on each of them fails for itself.  The last users of a run, for whom the API was asked
// and answered at once, have failed so already.
void Plan::acquit_api() {
  const bool failed_alone = asks_for_the_last_ && breaker_.probes_failed() == 0;
  for (const Suspect& each : outage_suspects_) {
    subjects_.at(each.task.subject).fails_alone = true;
  }
  while (failed_alone && !outage_suspects_.empty()) charge(take_suspect());
}

void Plan::hold_back(SendTime& send_time) const {
  if (!breaker_.is_open()) return;
  // The last probe is sent when the longest wait is over.
  const Time until = breaker_.is_probing()
                         ? Time::max()
                         : std::min(breaker_.until(), breaker_.since() + longest_outage());
  if (until > send_time.at) send_time = {until, WaitCause::network};
}

Duration Plan::longest_outage() const {
  if (was_reached_) return options_.max_wait;
  return options_.attempts == 1 ? Duration{} : options_.connect_wait;
}

// Whoever has never been answered as an API answers is likely to ask at a wrong address, and need
// not wait long to find out.
bool Plan::is_no_api() const {
  return was_reached_ && !was_answered_ && policy_of(breaker_.kind()).not_of_api;
}

bool Plan::has_lasted_too_long() const {
  if (!breaker_.is_open() || breaker_.is_probing()) return false;
  if (is_no_api() && breaker_.probes_failed() >= options_.attempts) return true;
  return breaker_.failed_at() - breaker_.since() >= longest_outage();
}

void Plan::end_in_outage() {
  const std::string lasted = show_rounded(breaker_.failed_at() - breaker_.since());
  std::string message;
  if (is_no_api()) {
    message = fmt::format("{} does not answer as the API does: {}; see provider.base_url",
                          options_.api, breaker_.cause());
  } else if (!was_reached_) {
    message = fmt::format("{} cannot be reached: {}; tried for {}, see run.connect_wait",
                          options_.api, breaker_.cause(), lasted);
  } else {
    message = fmt::format("{} has failed for everybody for {}, longer than run.max_wait allows: {}",
                          options_.api, lasted, breaker_.cause());
  }
  end_early({FailureKind::unreachable, message + "; the next run goes on where this one stopped"});
}

Action Plan::wait_for_api(Time now, Time until) {
  const bool is_brief = until - breaker_.since() < kWorthALine;
  if (is_brief || credits_.tasks() > 0) return WaitUntil{until};
  if (now < next_word_) return WaitUntil{std::min(until, next_word_)};
  next_word_ = now + kBetweenLines;
  return Notice{.text = fmt::format("waiting: {} {}: {}", options_.api,
                                    was_reached_ ? "fails for everybody" : "cannot be reached",
                                    breaker_.cause()),
                .goes_on = until,
                .lasted = now - breaker_.since()};
}

}  // namespace repopipe
