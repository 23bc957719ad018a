// Lets a plan run against an API that answers in made-up time: no thread, no clock, no network.
#pragma once

#include <deque>
#include <functional>
#include <map>

#include "tests/pipeline/plan/plan_world.h"

namespace repopipe::testing {

class MadeUpApi {
 public:
  // The result of a request that arrives at that time; the total time of the request is the
  // latency.
  using Answerer = std::function<TaskResult(const Task& task, Time arrives)>;

  // So many tasks of the plan are in flight at a time.
  MadeUpApi(int connections, Answerer answerer)
      : connections_(connections), answerer_(std::move(answerer)) {}

  // Runs until the plan has finished, or for so many steps; true: it has finished.
  bool run(Plan& plan, int most_steps) {
    for (int steps = 0; steps < most_steps; ++steps) {
      Action next = plan.next(now_);
      if (auto* send = std::get_if<Send>(&next)) {
        ++requests_[send->task.login];
        waiting_.push_back(send->task);
        put_on_the_wire();
      } else if (auto* keep = std::get_if<Write>(&next)) {
        listings_.push_back(keep->listing);
        const bool again = must_reread(keep->listing);
        plan.committed(keep->listing.subject,
                       Stored{.outcome = keep->listing.outcome, .must_reread = again}, now_);
      } else if (auto* recall = std::get_if<Recall>(&next)) {
        plan.recalled(recall->subject);
      } else if (auto* say = std::get_if<Notice>(&next)) {
        hear(*say);
      } else if (std::holds_alternative<CancelQueued>(next)) {
        call_back(plan);
      } else if (std::holds_alternative<ReadSubjects>(next)) {
        plan.offer({});
      } else if (std::holds_alternative<Finished>(next)) {
        return true;
      } else if (auto* wait = std::get_if<WaitUntil>(&next)) {
        pass_time(plan, wait->time);
      } else if (std::holds_alternative<Wait>(next)) {
        if (wire_.empty()) return false;  // it would wait forever
        pass_time(plan, Time::max());
      }
    }
    return false;
  }

  // Whether the store asks to read that list again.
  std::function<bool(const Listing&)> must_reread = [](const Listing&) { return false; };

  std::function<void(const Notice&)> hear = [](const Notice&) {};

  Time now() const { return now_; }
  const std::deque<Listing>& listings() const { return listings_; }
  // Number of tasks for that user.
  int requests_for(const std::string& login) const {
    const auto found = requests_.find(login);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  void call_back(Plan& plan) {
    for (const Task& task : std::exchange(waiting_, {})) {
      plan.complete(failure(task, FailureKind::cancelled), now_);
    }
  }

  void put_on_the_wire() {
    while (!waiting_.empty() && static_cast<int>(wire_.size()) < connections_) {
      TaskResult task_result = answerer_(waiting_.front(), now_);
      waiting_.pop_front();
      wire_.emplace(now_ + task_result.log.timing.total, std::move(task_result));
    }
  }

  // To the next response, or to `until` when that is earlier.
  void pass_time(Plan& plan, Time until) {
    if (wire_.empty() || wire_.begin()->first > until) {
      now_ = std::max(now_, until);
      return;
    }
    now_ = wire_.begin()->first;
    TaskResult task_result = std::move(wire_.begin()->second);
    wire_.erase(wire_.begin());
    plan.complete(std::move(task_result), now_);
    put_on_the_wire();
  }

  int connections_;
  Answerer answerer_;
  Time now_{};
  std::deque<Task> waiting_;
  std::multimap<Time, TaskResult> wire_;
  std::deque<Listing> listings_;
  std::map<std::string, int> requests_;
};

}  // namespace repopipe::testing
