// Plan: outages, and tasks that failed perhaps because of one, see Outage.
#include <set>
#include <utility>

#include "pipeline/plan/plan.h"

namespace repopipe {

void Plan::weigh(const TaskResult& task_result, Time now) {
  const bool fails_alone = subjects_.at(task_result.task.subject).fails_alone;
  const Outage::Change change = outage_.completed(task_result, fails_alone, now);
  switch (change) {
    case Outage::Change::none:
      return;
    case Outage::Change::begins:
      return begin_outage();
    case Outage::Change::ends_failed:
      while (outage_.has_suspects()) charge(take_suspect());
      break;
    case Outage::Change::ends_alone:
      for (const OutageSuspect& each : outage_.suspects()) {
        subjects_.at(each.task.subject).fails_alone = true;
      }
      resend_suspects();
      break;
    case Outage::Change::ends:
      resend_suspects();
      break;
    case Outage::Change::answered:
      break;
  }
  while (auto suspect = outage_.take_refuted(task_result.task.sent)) {
    --subjects_.at(suspect->task.subject).waiting;
    charge(std::move(*suspect));
  }
}

void Plan::resend_suspects() {
  while (outage_.has_suspects()) {
    Task task = take_suspect().task;
    queue_for(task).add(std::move(task));
  }
}

void Plan::suspect(User& user, Task task, const Failure& failure, const RateLimitInfo& rate_limits,
                   Time now) {
  if (user.fails_alone && !outage_.is_open()) {
    const Duration wait = rate_limits.wait.value_or(Duration{});
    const auto decision = decide_alone(user, task, failure, wait);
    follow(decision, user, std::move(task), failure, now);
  } else {
    ++user.waiting;
    outage_.suspect({std::move(task), failure, rate_limits, now});
  }
}

OutageSuspect Plan::take_suspect() {
  OutageSuspect suspect = outage_.take_suspect();
  --subjects_.at(suspect.task.subject).waiting;
  return suspect;
}

// The task failed alone.
void Plan::charge(OutageSuspect suspect) {
  User& user = subjects_.at(suspect.task.subject);
  user.fails_alone = true;
  const Duration wait = suspect.rate_limits.wait.value_or(Duration{});
  const auto decision = decide_alone(user, suspect.task, suspect.failure, wait);
  follow(decision, user, std::move(suspect.task), suspect.failure, suspect.failed_at);
  finish_if_whole(user);
}

void Plan::begin_outage() {
  cancels_queued_ = true;
  waits_.restart();
}

bool Plan::can_read_control() const {
  const Subject& control = outage_.control();
  return !control.login.empty() && may_begin() && !subjects_.contains(key_of(control));
}

Outage::Others Plan::beside_suspects() {
  Outage::Others others{.tasks = credits_.tasks(),
                        .has_listings = credits_.has_listings(),
                        .is_uncommitted = credits_.has_uncommitted() || !finished_.empty(),
                        .can_read_control = can_read_control()};
  std::set<std::uint32_t> seen;
  for (const OutageSuspect& each : outage_.suspects()) {
    const SubjectHandle subject = each.task.subject;
    if (seen.insert(subject.index).second) others.of_suspects += subjects_.at(subject).out;
  }
  return others;
}

// False: there is no suspect, or it is too early to tell.
bool Plan::judge_without_others(Time now) {
  if (!outage_.has_suspects()) return false;
  switch (outage_.judge(beside_suspects(), now)) {
    case Outage::Judgement::wait:
      return false;
    case Outage::Judgement::begins:
      begin_outage();
      ready_probe();
      return true;
    case Outage::Judgement::failed:
      while (outage_.has_suspects()) charge(take_suspect());
      return true;
  }
  return false;
}

void Plan::ready_probe() {
  if (!outage_.lacks_probe()) return;
  switch (outage_.next_probe(credits_.tasks(), can_read_control())) {
    case Outage::Probe::none:
      return;
    case Outage::Probe::control:
      intake_.reread_first(outage_.control());
      return;
    case Outage::Probe::suspect:
      Task task = take_suspect().task;
      queue_for(task).add_first(std::move(task));
      return;
  }
}

Action Plan::wait_for_api(Time now, Time until) {
  if (outage_.is_brief(until) || credits_.tasks() > 0) return WaitUntil{until};
  if (!waits_.is_due(now)) return WaitUntil{waits_.next_due(until)};
  Notice notice = waits_.tell(WaitCause::network, outage_.explain(), until, now);
  notice.lasted = outage_.lasted(now);
  return notice;
}

}  // namespace repopipe
