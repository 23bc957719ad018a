// A task and the callback for its result: one object from the planner to the result, wherever the
// task runs.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"
#include "pipeline/model/http.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/task.h"

namespace repopipe {

// Held by shared_ptr.  Completed exactly once: by the first call of `complete`, `fail` or
// `fail_unseen`, or as `internal` by the destructor, for example after an exception.  Later calls
// do nothing.  Threading: any thread; `task` only before completion.  Complete or destroy it
// without a lock of the executor: `done` may run the planner, which calls the executor.
class PendingTask {
 public:
  // Called with the result on the completing thread.  An exception ends the process.
  using Done = std::function<void(TaskResult&&)>;

  // Without `done` the result is discarded.
  explicit PendingTask(Task task, Done done = {})
      : task_(std::move(task)), done_(std::move(done)) {}
  ~PendingTask();
  PendingTask(const PendingTask&) = delete;
  PendingTask& operator=(const PendingTask&) = delete;

  const Task& task() const { return task_; }

  // Adds the task to the result.  If the worker was lost, the task counts it.
  void complete(TaskResult&& result) noexcept;
  // The same for a result from another process at `now`: the time since the task was sent counts as
  // queued, except fetch and parse.
  void complete_from_elsewhere(TaskResult result, Time now) noexcept;
  // The task was not fetched, or its worker was lost.
  void fail(const Failure& failure) noexcept;
  // No worker has received the task: no loss is counted.
  void fail_unseen(const Failure& failure) noexcept;

 private:
  void finish(TaskResult&& result);

  Task task_;
  Done done_;
  std::atomic<bool> is_completed_ = false;
};

// A task after fetch.  `timing` is also set if the request failed.
struct FetchResult {
  std::shared_ptr<PendingTask> task{};
  Result<Response> response{};
  Timing timing{};
};

// The result of a task that was not fetched or not parsed, without the task and without a time.
TaskResult unfinished(const Task& task, const Failure& failure);

}  // namespace repopipe
