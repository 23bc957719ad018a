// A task and whoever waits for its result: one object from the planner, through fetch and parse
// wherever they run, to the result.
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

// Held by shared_ptr.  It is completed exactly once: by the first call of `complete`, `fail` or
// `fail_unseen`, or as `internal` by its destructor.  Later calls do nothing.  What an exception
// leaves behind is therefore completed, too.
// Threading: `task` from any thread before it is completed; the rest from any.
class PendingTask {
 public:
  // Takes the result, on the thread that completes.  What it throws ends the process.
  using Done = std::function<void(TaskResult&&)>;

  // Without `done` nobody waits.
  explicit PendingTask(Task task, Done done = {})
      : task_(std::move(task)), done_(std::move(done)) {}
  ~PendingTask();
  PendingTask(const PendingTask&) = delete;
  PendingTask& operator=(const PendingTask&) = delete;

  const Task& task() const { return task_; }

  // The result gets the task.  A result that failed with the worker is counted in the task.
  void complete(TaskResult&& result) noexcept;
  // The same for a result that came from another process at `now`: all the time since the task was
  // sent that was neither fetching nor parsing counts as queued.
  void complete_from_elsewhere(TaskResult result, Time now) noexcept;
  // It was not fetched, or its worker was lost.
  void fail(const Failure& failure) noexcept;
  // Its worker has not seen it: nothing is counted.
  void fail_unseen(const Failure& failure) noexcept;

 private:
  void finish(TaskResult&& result);

  Task task_;
  Done done_;
  std::atomic<bool> is_completed_ = false;
};

// A task after fetch.  `timing` is there also when the exchange failed.
struct Fetched {
  std::shared_ptr<PendingTask> task{};
  Result<Response> response{};
  Timing timing{};
};

// The result of a task that nobody has fetched or parsed, without the task.  When it was asked for
// is not told.
TaskResult unfinished(const Task& task, const Failure& failure);

}  // namespace repopipe
