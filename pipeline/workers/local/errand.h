// A task that somebody else carries out, and whom to tell what came of it.
#pragma once

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"
#include "pipeline/model/http.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/task.h"

namespace repopipe {

// Destroyed without having been told, as by an exception, its task comes home as `internal`.
// `done` must not throw.
struct Errand {
  Errand(Task its_task, Channel::Done whom);
  Errand(Errand&& other) noexcept;
  Errand& operator=(Errand&& other) noexcept;
  ~Errand();

  // To be called once; the task may have been moved into `task_result`.
  void tell(TaskResult task_result);

  Task task;
  Channel::Done done;
};

// Counts a worker that was lost, or that crashed, against the task that it had; nothing else.
void count_loss(Task& task, FailureKind kind);

// The task result of a task that nobody has fetched or parsed.
TaskResult unfinished(Task task, Failure failure, WallTime now);

// The task result of a task over which parse gave up: what was thrown.
TaskResult crashed_over(Fetched fetched, const Failure& failure, WallTime now);

// Tells of a task result that came over a wire, without its task.  All the time that was neither
// fetching nor parsing counts as queued.
void complete(Errand errand, TaskResult task_result, Time now);

}  // namespace repopipe
