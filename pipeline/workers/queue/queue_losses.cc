// QueueExecutor: results, and the loss of workers and of the queue.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/base/thread.h"
#include "pipeline/workers/queue/queue_executor.h"
#include "pipeline/workers/queue/queue_run.h"
#include "pipeline/workers/wire/codec.h"

namespace repopipe {
namespace {

// Pause after the queue was lost without a result; doubles.
constexpr Duration kQueueRest = std::chrono::seconds(1);
constexpr Duration kLongestQueueRest = std::chrono::seconds(30);

// A shorter lease would expire for a worker that waits for its next task.
constexpr std::chrono::milliseconds kShortestSign{3'000};

}  // namespace

std::chrono::milliseconds QueueExecutor::sign_of_life() const {
  return std::max(options_.run_info.lease, kShortestSign);
}

// All posted tasks fail as `worker_lost`, because they may have been requested.  Workers that are
// still connected are told to drop them.  A repeated cause is reported once, until a result
// arrives.
void QueueExecutor::lose(const Failure& failure) {
  if (!run_) return;
  if (!run_->close()) lost_run_ = run_->id();
  run_.reset();
  if (ends_run(failure)) return refuse_all(failure);
  std::unordered_map<std::uint64_t, std::shared_ptr<PendingTask>> out;
  bool had_heard = false;
  {
    const Lock lock(mutex_);
    out.swap(out_);
    replies_.reset();
    lost_.reset();
    had_heard = has_heard_;
  }
  const std::string& why = failure.message;
  if (had_heard || why != last_loss_) {
    was_lost_ = true;
    options_.warn(fmt::format("the queue is lost: {}; unfinished tasks are sent again", why));
  }
  last_loss_ = why;
  rest_ = had_heard ? Duration{} : std::clamp<Duration>(2 * rest_, kQueueRest, kLongestQueueRest);
  rests_.reset();
  if (!had_heard) rests_ = Rest{clock_.now() + rest_, why};
  const Failure lost{FailureKind::worker_lost, "the queue was lost: " + why};
  for (const auto& [id, task] : out) task->fail(lost);
}

// Fails all tasks with the cause, now and later.
void QueueExecutor::refuse_all(const Failure& failure) {
  std::unordered_map<std::uint64_t, std::shared_ptr<PendingTask>> out;
  std::deque<std::shared_ptr<PendingTask>> waiting;
  {
    const Lock lock(mutex_);
    for_good_ = failure;
    out.swap(out_);
    waiting.swap(waiting_);
    replies_.reset();
    lost_.reset();
  }
  const bool was_refused = ends_run(failure);
  const Failure lost{FailureKind::worker_lost, "the queue was lost: " + failure.message};
  for (const auto& [id, task] : out) task->fail(was_refused ? failure : lost);
  for (const auto& task : waiting) task->fail(failure);
}

// Runs on the executor's thread that ends.
void QueueExecutor::break_down(const Failure& failure) {
  refuse_all(breakdown(failure));
}

void QueueExecutor::collect_all() {
  Lock lock(mutex_);
  while (true) {
    wake_collecting_.wait(lock,
                          [this]() REQUIRES(mutex_) { return stops_ || (replies_ && !lost_); });
    if (stops_) return;
    const std::string stream = *replies_;
    lock.unlock();
    collect(stream);
    lock.lock();
  }
}

void QueueExecutor::collect(const std::string& stream) {
  const auto is_current = [&] {
    const Lock guard(mutex_);
    return !stops_ && replies_ == stream;
  };
  const auto take = [this](std::uint64_t id, std::string_view message, std::string_view worker,
                           Redis& redis) { take_home(id, message, worker, redis); };
  Status collected;
  try {
    collected = collect_replies(options_.address, stream, is_current, take);
  } catch (...) {
    collected = fail(FailureKind::queue, caught().message);
  }
  {
    const Lock guard(mutex_);
    if (!collected && replies_ == stream) lost_ = collected.error();
  }
  wake_posting_.notify_one();
}

void QueueExecutor::take_home(std::uint64_t id, std::string_view message, std::string_view worker,
                              Redis& redis) {
  auto report = decode_event(message, resources_);
  auto* task_result = report ? std::get_if<TaskResult>(&*report) : nullptr;
  if (task_result == nullptr || task_result->task.id != id) {
    bring_home(id, {FailureKind::worker_crashed, "its worker sent an invalid result"});
    return;
  }
  const auto task = take_out(id);
  if (!task) return;
  if (task->task().resource != task_result->task.resource) {
    return task->fail({FailureKind::worker_crashed, "its worker sent records of another kind"});
  }
  {
    const Lock lock(mutex_);
    has_heard_ = true;
  }
  judge(worker, *task_result, redis);
  task->complete_from_elsewhere(std::move(*task_result), clock_.now());
}

// A task that other workers can do is sent again without counting an attempt.
void QueueExecutor::judge(std::string_view worker, TaskResult& task_result, Redis& redis) {
  std::size_t workers = 1;
  if (trouble_of(task_result) != WayTrouble::none) {
    const std::string tasks = [this] {
      const Lock lock(mutex_);
      return tasks_;
    }();
    workers = count_workers(redis, tasks, sign_of_life()).value_or(1);
  }
  const auto judgement = health_.judge(worker, task_result, workers, clock_.now());
  if (!judgement.warning.empty()) options_.warn(judgement.warning);
  if (!judgement.is_of_worker) return;
  task_result.result = fail(FailureKind::cancelled, "its worker cannot reach the API");
}

// Nothing: the task is not posted any more, or was posted again under another number.
std::shared_ptr<PendingTask> QueueExecutor::take_out(std::uint64_t id) {
  const Lock lock(mutex_);
  const auto found = out_.find(id);
  if (found == out_.end()) return nullptr;
  auto task = std::move(found->second);
  out_.erase(found);
  if (may_post()) wake_posting_.notify_one();
  return task;
}

void QueueExecutor::bring_home(std::uint64_t id, const Failure& failure) {
  if (const auto task = take_out(id)) task->fail(failure);
}

}  // namespace repopipe
