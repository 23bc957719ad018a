#include "pipeline/model/pending_task.h"

#include <algorithm>

#include "pipeline/base/thread.h"

namespace repopipe {
namespace {

// Counts a lost or crashed worker in the task.
void count_loss(Task& task, FailureKind kind) {
  if (policy_of(kind).counts_as == CountsAs::loss) ++task.losses;
  if (policy_of(kind).counts_as == CountsAs::crash) ++task.crashes;
}

}  // namespace

TaskResult unfinished(const Task& task, const Failure& failure) {
  TaskResult result;
  result.log.page = task.request.page;
  result.log.attempt = task.attempt;
  result.log.outcome = policy_of(failure.kind).name;
  result.log.error = failure.message;
  const bool is_of_task = policy_of(failure.kind).counts_as != CountsAs::nothing;
  result.result = fail(is_of_task ? failure.within(noun_of(task)) : failure);
  return result;
}

PendingTask::~PendingTask() {
  if (!is_completed_ && done_) fail({FailureKind::internal, "a task was lost"});
}

void PendingTask::complete(TaskResult&& result) noexcept {
  if (is_completed_.exchange(true)) return;
  or_end([&] {
    if (!result.result) count_loss(task_, result.result.error().kind);
    finish(std::move(result));
  });
}

void PendingTask::complete_from_elsewhere(TaskResult result, Time now) noexcept {
  const Duration busy = result.log.timing.total + result.parse;
  result.queued = std::max(now - task_.sent - busy, Duration{});
  complete(std::move(result));
}

void PendingTask::fail(const Failure& failure) noexcept {
  or_end([&] { complete(unfinished(task_, failure)); });
}

void PendingTask::fail_unseen(const Failure& failure) noexcept {
  if (is_completed_.exchange(true)) return;
  or_end([&] { finish(unfinished(task_, failure)); });
}

void PendingTask::finish(TaskResult&& result) {
  result.task = std::move(task_);
  if (done_) done_(std::move(result));
}

}  // namespace repopipe
