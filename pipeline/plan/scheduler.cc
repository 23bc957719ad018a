#include "pipeline/plan/scheduler.h"

#include <algorithm>
#include <cassert>

#include "pipeline/plan/subject_state.h"

namespace repopipe {

void Scheduler::add_subject(std::uint32_t principal, std::string key, Subject subject) {
  queues_[principal].add(std::move(subject));
  waiting_.insert(std::move(key));
}

Subject Scheduler::take_subject(std::uint32_t principal) {
  auto subject = queues_[principal].take_subject();
  assert(subject);
  waiting_.erase(key_of(*subject));
  return std::move(*subject);
}

std::uint32_t Scheduler::in_turn(std::uint32_t i) const {
  return (turn_ + i) % static_cast<std::uint32_t>(queues_.size());
}

void Scheduler::recheck(Task task, Time earliest, Time latest) {
  rechecks_.push_back({earliest, latest, std::move(task)});
}

// When nobody else waits for a request to be sent, or too many rechecks wait.
bool Scheduler::is_soon(bool has_more) const {
  const auto has_work = [](const PrincipalQueue& queue) {
    return queue.is_ready() || queue.has_subjects();
  };
  return has_many_rechecks() || (!has_more && std::ranges::none_of(queues_, has_work));
}

Time Scheduler::recheck_time(bool has_more) const {
  if (rechecks_.empty()) return Time::max();
  return is_soon(has_more) ? rechecks_.front().earliest : rechecks_.front().latest;
}

std::vector<Task> Scheduler::take_rechecks(Time now, bool has_more) {
  std::vector<Task> due;
  while (recheck_time(has_more) <= now) {
    due.push_back(std::move(rechecks_.front().task));
    rechecks_.pop_front();
  }
  return due;
}

bool Scheduler::has_work() const {
  const auto has_work = [](const PrincipalQueue& queue) {
    return queue.has_tasks() || queue.has_subjects();
  };
  return std::ranges::any_of(queues_, has_work);
}

void Scheduler::drop(SubjectHandle subject) {
  for (PrincipalQueue& queue : queues_) queue.drop(subject);
  std::erase_if(rechecks_, [&](const Recheck& each) { return each.task.subject == subject; });
  std::erase_if(yielding_, [&](const Task& task) { return task.subject == subject; });
}

}  // namespace repopipe
