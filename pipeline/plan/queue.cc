#include "pipeline/plan/queue.h"

#include <utility>

namespace repopipe {

Time PrincipalQueue::next_due() const {
  if (!ready_.empty()) return Time::min();
  return later_.empty() ? Time::max() : later_.begin()->first;
}

std::optional<Task> PrincipalQueue::take_task(Time now) {
  if (!later_.empty() && later_.begin()->first <= now) {
    Task task = std::move(later_.begin()->second);
    later_.erase(later_.begin());
    return task;
  }
  if (ready_.empty()) return std::nullopt;
  Task task = std::move(ready_.front());
  ready_.pop_front();
  return task;
}

std::optional<Subject> PrincipalQueue::take_subject() {
  if (subjects_.empty()) return std::nullopt;
  Subject subject = std::move(subjects_.front());
  subjects_.pop_front();
  return subject;
}

void PrincipalQueue::drop(SubjectHandle subject) {
  std::erase_if(ready_, [&](const Task& task) { return task.subject == subject; });
  std::erase_if(later_, [&](const auto& entry) { return entry.second.subject == subject; });
}

std::vector<Task> PrincipalQueue::take_tasks() {
  std::vector<Task> tasks;
  for (auto& task : ready_) tasks.push_back(std::move(task));
  for (auto& [due, task] : later_) tasks.push_back(std::move(task));
  ready_.clear();
  later_.clear();
  return tasks;
}

}  // namespace repopipe
