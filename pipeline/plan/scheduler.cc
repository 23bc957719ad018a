#include "pipeline/plan/scheduler.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include "pipeline/plan/subjects/subject_table.h"

namespace repopipe {
namespace {

constexpr std::ptrdiff_t kAccountsAtATime = 256;

}  // namespace

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

Subject Intake::take_reread() {
  Subject subject = std::move(rereads_.front());
  rereads_.pop_front();
  return subject;
}

std::vector<Subject> Intake::take_accounts() {
  const auto end = accounts_.begin() + std::min(kAccountsAtATime, std::ssize(accounts_));
  std::vector<Subject> block(std::move_iterator(accounts_.begin()), std::move_iterator(end));
  accounts_.erase(accounts_.begin(), end);
  return block;
}

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

// If nothing else waits to be sent, or too many rechecks wait.
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
