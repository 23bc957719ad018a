#include "pipeline/plan/outage.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr Duration kLongestPause = std::chrono::minutes(1);
// A shorter outage is not reported.
constexpr Duration kShortestReported = std::chrono::seconds(2);

// Failures of one subject count once, however many pages it has.
std::string subject_of(const Task& task) {
  if (task.request.kind != RequestKind::owner) return fold_case(task.login);
  return fmt::format("token {}", task.principal);
}

}  // namespace

bool Breaker::failed(const Trouble& trouble, Time now) {
  if (subjects_.empty()) {
    first_sent_ = trouble.sent;
    since_ = now;
  }
  const bool is_new = std::ranges::find(subjects_, trouble.subject) == subjects_.end();
  if (is_new && subjects_.size() < kManyEnough) subjects_.push_back(trouble.subject);
  failed_at_ = now;
  kind_ = trouble.kind;
  cause_ = trouble.cause;
  const bool is_probe = is_open_ && trouble.task == last_probe_;
  if (is_probe) {
    ++probes_failed_;
    pause_ = std::min(pause_ * 2, longest_pause_);
  }
  if (!is_open_ && subjects_.size() < kManyEnough) return false;
  const bool opens = !is_open_;
  if (opens) open(now);
  if (opens || is_probe) until_ = now + std::max(pause_, trouble.wait.value_or(Duration{}));
  return opens;
}

void Breaker::open(Time now) {
  if (subjects_.empty()) {  // what was answered since the failures was sent before they were told
    first_sent_ = now;
    since_ = now;
  }
  is_open_ = true;
  opened_at_ = now;
  pause_ = std::min(first_pause_, longest_pause_);
  until_ = now + pause_;
  probes_failed_ = 0;
}

bool Breaker::answered(Time sent) {
  if ((subjects_.empty() && !is_open_) || sent < first_sent_) return false;
  subjects_.clear();
  return std::exchange(is_open_, false);
}

void Breaker::completed(std::uint64_t task) {
  if (probe_ != task) return;
  last_probe_ = std::exchange(probe_, 0);
}

bool may_be_outage(FailureKind kind) {
  return policy_of(kind).cooldown == CoolsDown::network;
}

std::string cause_of(const Task& task, const Failure& failure) {
  for (const std::string& noun : {noun_of(task) + ": ", task.login + ": "}) {
    if (failure.message.starts_with(noun)) return failure.message.substr(noun.size());
  }
  return failure.message;
}

Outage::Outage(const OutageOptions& options)
    : options_(options), breaker_(options.first_pause, kLongestPause) {}

void Outage::sent(const Task& task) {
  if (!breaker_.is_open()) return;
  breaker_.probe_sent(task.id);
  has_next_probe_ = false;
  if (is_control(task)) asked_control_ = AskedControl::yes;
}

Outage::Change Outage::completed(const TaskResult& result, bool fails_alone, Time now) {
  const Task& task = result.task;
  breaker_.completed(task.id);
  const bool has_response = result.log.status != 0;
  was_reached_ = was_reached_ || has_response;
  if (result.result || (has_response && !may_be_outage(result.result.error().kind))) {
    return answered(task);
  }
  const Failure& failure = result.result.error();
  if (!may_be_outage(failure.kind) || (fails_alone && !is_open())) return Change::none;
  auto wait = result.rate_limits.wait;
  if (wait && *wait > options_.max_wait) wait.reset();
  const Trouble trouble{.task = task.id,
                        .subject = subject_of(task),
                        .kind = failure.kind,
                        .cause = cause_of(task, failure),
                        .sent = task.sent,
                        .wait = wait};
  if (!breaker_.failed(trouble, now)) return Change::none;
  begin();
  return Change::begins;
}

// An answer to the control shows that the API works.  The last subjects of a run, for which the
// control was read and answered at once, have failed then.
Outage::Change Outage::answered(const Task& task) {
  was_answered_ = true;
  const bool was_outage = is_open() && task.sent >= breaker_.opened_at();
  if (!breaker_.answered(task.sent) || !was_outage) return Change::answered;
  if (!is_control(task)) return Change::ends;
  const bool have_failed = asks_for_the_last_ && breaker_.probes_failed() == 0;
  return have_failed ? Change::ends_failed : Change::ends_alone;
}

void Outage::begin() {
  has_next_probe_ = false;
  asked_control_ = AskedControl::no;
  asks_for_the_last_ = false;
}

OutageSuspect Outage::take_suspect() {
  OutageSuspect suspect = std::move(suspects_.front());
  suspects_.pop_front();
  return suspect;
}

std::optional<OutageSuspect> Outage::take_refuted(Time sent) {
  const bool is_refuted = !is_open() && !suspects_.empty() && suspects_.front().failed_at <= sent;
  return is_refuted ? std::optional(take_suspect()) : std::nullopt;
}

void Outage::drop(SubjectHandle subject) {
  std::erase_if(suspects_, [&](const auto& each) { return each.task.subject == subject; });
}

// No other request is in flight and nothing else can be sent, so no response will tell.  A failed
// connection concerns all tasks.  So does a failure of several subjects if the API has answered
// nobody.  The last subjects of a run cannot tell; the control can, as soon as it is committed.
Outage::Judgement Outage::judge(const Others& others, Time now) {
  if (others.has_listings || suspects_.empty() || is_open()) return Judgement::wait;
  if (control_.login.empty() && others.is_uncommitted) return Judgement::wait;
  if (others.tasks > others.of_suspects) return Judgement::wait;
  std::set<std::string> subjects;
  bool is_outage = !was_reached_;
  for (const OutageSuspect& each : suspects_) {
    subjects.insert(subject_of(each.task));
    is_outage = is_outage || policy_of(each.failure.kind).exchanged == Exchanged::unanswered;
  }
  is_outage = is_outage || (!was_answered_ && subjects.size() > 1);
  if (!is_outage && !others.can_read_control) return Judgement::failed;
  if (!is_outage && others.tasks > 0) return Judgement::wait;
  breaker_.open(now);
  begin();
  asks_for_the_last_ = !is_outage;
  return Judgement::begins;
}

// Suspects alone cannot tell whether all tasks fail: each may fail for a reason of its own.  The
// list of the control is read again, once an outage, when no task is in flight.  Otherwise the
// oldest suspect is the next probe, so that each probe is of another subject.
Outage::Probe Outage::next_probe(std::size_t tasks, bool can_read_control) {
  if (asked_control_ == AskedControl::no && can_read_control) {
    if (tasks > 0) return Probe::none;
    asked_control_ = AskedControl::waits;
    return Probe::control;
  }
  has_next_probe_ = true;
  return Probe::suspect;
}

bool Outage::lacks_probe() const {
  return is_open() && !breaker_.is_probing() && !has_next_probe_ && !suspects_.empty() &&
         asked_control_ != AskedControl::waits;
}

void Outage::remember_stored(const Subject& subject) {
  if (control_.login.empty()) control_ = subject;
}

void Outage::skip_control() {
  if (asked_control_ == AskedControl::waits) asked_control_ = AskedControl::yes;
}

bool Outage::is_control(const Task& task) const {
  return asked_control_ != AskedControl::no && task.resource == control_.resource &&
         task.login == control_.login;
}

// The last probe is sent when the longest wait is over.
Time Outage::next_send() const {
  if (!is_open()) return Time::min();
  if (breaker_.is_probing()) return Time::max();
  return std::min(breaker_.until(), breaker_.since() + longest());
}

Duration Outage::longest() const {
  if (was_reached_) return options_.max_wait;
  return options_.attempts == 1 ? Duration{} : options_.connect_wait;
}

// If no response was one of the API, the address is probably wrong, and the run need not wait long.
bool Outage::is_no_api() const {
  return was_reached_ && !was_answered_ && policy_of(breaker_.kind()).not_of_api;
}

bool Outage::is_too_long() const {
  if (!is_open() || breaker_.is_probing()) return false;
  if (is_no_api() && breaker_.probes_failed() >= options_.attempts) return true;
  return breaker_.failed_at() - breaker_.since() >= longest();
}

Failure Outage::failure() const {
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
  return {FailureKind::unreachable, message + "; the next run resumes"};
}

bool Outage::is_brief(Time until) const {
  return until - breaker_.since() < kShortestReported;
}

std::string Outage::explain() const {
  return fmt::format("{} {}: {}", options_.api,
                     was_reached_ ? "fails for everybody" : "cannot be reached", breaker_.cause());
}

}  // namespace repopipe
