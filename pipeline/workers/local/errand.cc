#include "pipeline/workers/local/errand.h"

#include <algorithm>
#include <utility>

namespace repopipe {

Errand::Errand(Task its_task, Channel::Done whom)
    : task(std::move(its_task)), done(std::move(whom)) {}

Errand::Errand(Errand&& other) noexcept
    : task(std::move(other.task)), done(std::exchange(other.done, nullptr)) {}

Errand& Errand::operator=(Errand&& other) noexcept {
  Errand before(std::move(*this));
  task = std::move(other.task);
  done = std::exchange(other.done, nullptr);
  return *this;
}

Errand::~Errand() {
  if (done) tell(unfinished(std::move(task), {FailureKind::internal, "a task was lost"}, {}));
}

void Errand::tell(TaskResult task_result) {
  const Channel::Done whom = std::exchange(done, nullptr);
  whom(std::move(task_result));
}

void count_loss(Task& task, FailureKind kind) {
  if (kind == FailureKind::worker_lost) ++task.losses;
  if (kind == FailureKind::worker_crashed) ++task.crashes;
}

TaskResult unfinished(Task task, Failure failure, WallTime now) {
  TaskResult task_result;
  task_result.log.page = task.request.page;
  task_result.log.attempt = task.attempt;
  task_result.log.timing.started_at = now;
  task_result.log.outcome = policy_of(failure.kind).name;
  task_result.log.error = failure.message;
  task_result.task = std::move(task);
  task_result.result = fail(std::move(failure));
  return task_result;
}

TaskResult crashed_over(Fetched fetched, const Failure& failure, WallTime now) {
  TaskResult task_result = unfinished(std::move(fetched.task), failure, now);
  task_result.log.timing = fetched.timing;
  if (fetched.response) task_result.log.status = fetched.response->status;
  if (fetched.response) task_result.log.bytes = fetched.response->wire_bytes;
  task_result.result = fail(failure.within(noun_of(task_result.task)));
  return task_result;
}

void complete(Errand errand, TaskResult task_result, Time now) {
  Task& task = errand.task;
  const Duration busy = task_result.log.timing.total + task_result.parse;
  task_result.queued = std::max(now - task.sent - busy, Duration{});
  if (!task_result.result) count_loss(task, task_result.result.error().kind);
  task_result.task = std::move(task);
  errand.tell(std::move(task_result));
}

}  // namespace repopipe
