// Which task or subject is sent next: for each principal a queue of tasks and subjects; rechecks;
// tasks that yield to other subjects.  It knows no limits: Plan asks Limits when a task may be
// sent. A principal that must pause delays its own queue only.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/task.h"

namespace repopipe {

// Threading: that of Plan.
class PrincipalQueue {
 public:
  void add(Task task) { ready_.push_back(std::move(task)); }
  void add_first(Task task) { ready_.push_front(std::move(task)); }
  void add_later(Time due, Task task) { later_.emplace(due, std::move(task)); }
  void add(Subject subject) { subjects_.push_back(std::move(subject)); }

  // When the next task is due, without regard to limits; Time::max(): there is none.
  Time next_due() const;
  // Retries that are due, and then what is ready: both precede new subjects.
  std::optional<Task> take_task(Time now);
  std::optional<Subject> take_subject();

  bool has_subjects() const { return !subjects_.empty(); }
  bool has_tasks() const { return !ready_.empty() || !later_.empty(); }
  // A task may be sent now, without regard to limits and retries.
  bool is_ready() const { return !ready_.empty(); }

  // Drops the tasks of one subject.
  void drop(SubjectHandle subject);
  // Empties the queue.
  std::vector<Task> take_tasks();
  std::deque<Subject> take_subjects() { return std::exchange(subjects_, {}); }

 private:
  std::deque<Task> ready_;           // follow-up pages, and tasks to send again
  std::multimap<Time, Task> later_;  // retries
  std::deque<Subject> subjects_;
};

// What the run has yet to read: the job's list, lists that are read again, and accounts of lists.
// Threading: that of Plan.
class Intake {
 public:
  // The job's list is read to its end, or not.
  void set_over(bool is_over) { is_over_ = is_over; }
  bool is_over() const { return is_over_; }
  // Nothing is left to be read.
  bool is_empty() const { return is_over_ && rereads_.empty() && accounts_.empty(); }

  // A subject whose list is read once more.
  void reread(Subject subject) { rereads_.push_back(std::move(subject)); }
  void reread_first(Subject subject) { rereads_.push_front(std::move(subject)); }
  bool has_rereads() const { return !rereads_.empty(); }
  Subject take_reread();

  // An account of a list, which becomes a subject.
  void add_account(std::string login) { accounts_.push_back({.login = std::move(login)}); }
  bool has_accounts() const { return !accounts_.empty(); }
  // A block of them.
  std::vector<Subject> take_accounts();

 private:
  bool is_over_ = false;
  std::deque<Subject> rereads_{};
  std::deque<Subject> accounts_{};
};

// Threading: that of Plan.
class Scheduler {
 public:
  // So many rechecks may wait.  With more, the oldest is sent as soon as it may be, and no subject
  // begins.
  static constexpr std::size_t kMostRechecks = 4096;

  explicit Scheduler(std::size_t principals) : queues_(principals) {}

  // A subject that waits to begin; `key`: see key_of.  It must not wait already.
  void add_subject(std::uint32_t principal, std::string key, Subject subject);
  // The next one of that principal, whose queue has subjects.
  Subject take_subject(std::uint32_t principal);
  bool is_waiting(const std::string& key) const { return waiting_.contains(key); }
  std::size_t subjects() const { return waiting_.size(); }

  PrincipalQueue& queue(std::uint32_t principal) { return queues_[principal]; }
  const PrincipalQueue& queue(std::uint32_t principal) const { return queues_[principal]; }
  // The principal whose turn is number `i` from now.
  std::uint32_t in_turn(std::uint32_t i) const;
  // It sends a request now.
  void took_turn(std::uint32_t principal) { turn_ = principal + 1; }

  // The task is sent again at `latest`, or from `earliest` on if nothing else waits to be sent.
  void recheck(Task task, Time earliest, Time latest);
  bool has_many_rechecks() const { return rechecks_.size() >= kMostRechecks; }
  std::size_t rechecks() const { return rechecks_.size(); }
  // When the oldest recheck is due; Time::max(): there is none.  `has_more`: there are subjects
  // that are not read yet.
  Time recheck_time(bool has_more) const;
  // Those that are due now.
  std::vector<Task> take_rechecks(Time now, bool has_more);

  // The task is sent after a request of another subject.
  void yield(Task task) { yielding_.push_back(std::move(task)); }
  bool has_yielding() const { return !yielding_.empty(); }
  std::vector<Task> take_yielding() { return std::exchange(yielding_, {}); }

  // Some queue has a task, ready or not, or a subject.
  bool has_work() const;

  // Drops the tasks of one subject.
  void drop(SubjectHandle subject);

 private:
  struct Recheck {
    Time earliest;
    Time latest;
    Task task;
  };
  bool is_soon(bool has_more) const;

  std::vector<PrincipalQueue> queues_;         // by principal
  std::uint32_t turn_ = 0;                     // the principal to begin with
  std::unordered_set<std::string> waiting_{};  // keys of the queues' subjects
  std::deque<Recheck> rechecks_{};             // the oldest first
  std::vector<Task> yielding_{};
};

}  // namespace repopipe
