// What waits for one principal: tasks that are ready, tasks that are due later, and users that
// have yet to begin.  A principal that has to pause holds up its own queue only.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/model/task.h"

namespace repopipe {

// Threading: that of Plan.
class PrincipalQueue {
 public:
  void add(Task task) { ready_.push_back(std::move(task)); }
  void add_first(Task task) { ready_.push_front(std::move(task)); }
  void add_later(Time due, Task task) { later_.emplace(due, std::move(task)); }
  void add(Subject subject) { subjects_.push_back(std::move(subject)); }

  // When the next task may go, as far as it goes by itself; Time::max(): there is none.
  Time next_due() const;
  // Retries that are due, and then what is ready: both go ahead of new users.
  std::optional<Task> take_task(Time now);
  std::optional<Subject> take_subject();

  bool has_subjects() const { return !subjects_.empty(); }
  bool has_tasks() const { return !ready_.empty() || !later_.empty(); }
  // Tasks may go now, as far as they go by themselves.
  bool is_ready() const { return !ready_.empty(); }

  // Drops the tasks of one user.
  void drop(SubjectHandle subject);
  // Empties the queue.
  std::vector<Task> take_tasks();
  std::deque<Subject> take_subjects() { return std::exchange(subjects_, {}); }

 private:
  std::deque<Task> ready_;           // follow-up pages, and what was called back
  std::multimap<Time, Task> later_;  // retries
  std::deque<Subject> subjects_;
};

}  // namespace repopipe
