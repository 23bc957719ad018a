#include "pipeline/run/planner_node.h"

#include <algorithm>
#include <utility>

#include "pipeline/base/text.h"

namespace repopipe {

namespace {

// What the calendar gains on the clock at once, and is no adjustment.
constexpr std::chrono::minutes kLeap{1};
// While Plan waits, the calendar is read this often.
constexpr std::chrono::seconds kCalendarEvery{2};

std::chrono::milliseconds calendar_of(const Clock& clock) {
  return clock.wall().time_since_epoch() -
         std::chrono::duration_cast<std::chrono::milliseconds>(clock.now().time_since_epoch());
}

}  // namespace

PlannerNode::PlannerNode(Plan& plan, SubjectSource& subjects, const Clock& clock)
    : plan_(plan), subjects_(subjects), clock_(clock), calendar_(calendar_of(clock)) {}

void PlannerNode::handle(Event event, const PlannerOutputs& outputs) {
  follow_calendar();
  const Time begin = now();
  tell(std::move(event), begin);
  act(outputs);
  busy_.plan_busy += now() - begin;
}

// Limits end at a moment of the calendar.  It leaps where a virtual machine is suspended, or was
// set too late: then waits end sooner, and if that was too soon, the API says so.  The deadline is
// the run's own, and stays as far away as it was.
void PlannerNode::follow_calendar() {
  const std::chrono::milliseconds calendar = calendar_of(clock_);
  const auto leap = calendar - std::exchange(calendar_, calendar);
  if (leap < kLeap) return;
  ahead_ += leap;
  plan_.postpone_deadline(leap);
}

// When to look at it next.  It stays the same until then: to set the timer anew wakes its thread.
Time PlannerNode::calendar_time() {
  const Time time = now();
  if (next_look_ <= time) next_look_ = time + kCalendarEvery;
  return next_look_;
}

void PlannerNode::tell(Event event, Time now) {
  std::visit(Match{[](Tick) {},
                   [&](TaskResult& task_result) {
                     busy_.fetch_busy += task_result.log.timing.total;
                     busy_.parse_busy += task_result.parse;
                     plan_.complete(std::move(task_result), now);
                   },
                   [&](const Written& taken) {
                     for (const std::string& login : taken.logins) plan_.written(login, now);
                   },
                   [&](Committed& kept) {
                     busy_.store_busy += kept.busy;
                     plan_.committed(kept.login, kept.result, now);
                   },
                   [&](Stop& order) {
                     plan_.stop(order.status, order.exit_code, std::move(order.reason),
                                order.cause);
                   }},
             event);
}

void PlannerNode::act(const PlannerOutputs& outputs) {
  bool more = true;
  while (more) {
    Action step = plan_.next(now());
    std::visit(
        Match{[&](Send& send) { outputs.send(std::move(send.task)); },
              [&](Write& keep) {
                keep.listing.handed_over = clock_.now();
                keep.listing.settled_at = clock_.wall();
                outputs.keep(std::move(keep.listing));
              },
              [&](CancelQueued) { outputs.cancel_queued(); },
              [&](ReadSubjects) { read_subjects(); },
              [&](Recall& recall) { plan_.recalled(subjects_.recall(std::move(recall.login))); },
              [&](const Notice& say) { outputs.say(say, wall_time_of(say.goes_on)); },
              [&](const WaitUntil& wait) {
                outputs.wake_at(std::min(wait.time, calendar_time()) - ahead_);
                more = false;
              },
              [&](Wait) { more = false; },
              [&](Finished) {
                if (!std::exchange(over_, true)) outputs.over();
                more = false;
              }},
        step);
  }
}

std::optional<WallTime> PlannerNode::wall_time_of(std::optional<Time> time) const {
  if (!time) return std::nullopt;
  return clock_.wall() + std::chrono::duration_cast<std::chrono::milliseconds>(*time - now());
}

void PlannerNode::read_subjects() {
  auto block = subjects_.next_block();
  if (block) {
    plan_.offer(std::move(*block));
  } else {
    plan_.subjects_failed(block.error());
  }
}

RunEnd PlannerNode::end() const {
  RunEnd end = plan_.end();
  end.times.fetch_busy = busy_.fetch_busy;
  end.times.parse_busy = busy_.parse_busy;
  end.times.store_busy = busy_.store_busy;
  end.times.plan_busy = busy_.plan_busy;
  return end;
}

}  // namespace repopipe
