#include "pipeline/workers/queue/queue_executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/base/thread.h"
#include "pipeline/workers/wire/codec.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

// This many tasks justify a command to Redis, or this part of all allowed tasks if that is less.
constexpr std::size_t kFew = 6;
constexpr std::size_t kPart = 8;
// Interval for checking leases, workers and the keys of the run.
constexpr auto kLookEvery = 500ms;

}  // namespace

QueueExecutor::QueueExecutor(QueueOptions options, Resources resources, const Clock& clock)
    : options_(std::move(options)),
      resources_(resources),
      clock_(clock),
      poster_(Thread::must_start(
          "queue", [this] { post_all(); },
          [this](const Failure& failure) { break_down(failure); })) {
  auto collector = Thread::start(
      "replies", [this] { collect_all(); },
      [this](const Failure& failure) { break_down(failure); });
  if (collector) {
    collector_ = std::move(*collector);
    return;
  }
  stop();
  throw Thrown(collector.error());
}

void QueueExecutor::stop() {
  {
    const Lock lock(mutex_);
    stops_ = true;
  }
  wake_posting_.notify_all();
  wake_collecting_.notify_all();
  poster_.join();
  collector_.join();
}

QueueExecutor::~QueueExecutor() {
  stop();
  const Failure over{FailureKind::cancelled, "the run is over"};
  for (const auto& [id, task] : out_) task->fail(over);
  for (const auto& task : waiting_) task->fail(over);
}

void QueueExecutor::submit(std::shared_ptr<PendingTask> task) {
  Lock lock(mutex_);
  if (for_good_) {
    const Failure for_good = *for_good_;
    lock.unlock();
    return task->fail(for_good);
  }
  waiting_.push_back(std::move(task));
  const bool posts = may_post();
  lock.unlock();
  if (posts) wake_posting_.notify_one();
}

void QueueExecutor::cancel_queued() {
  {
    const Lock lock(mutex_);
    withdraws_ = true;
  }
  wake_posting_.notify_one();
}

void QueueExecutor::post_all() {
  Lock lock(mutex_);
  while (!stops_) {
    const auto is_needed = [this]() REQUIRES(mutex_) {
      return stops_ || withdraws_ || lost_ || may_post();
    };
    wake_posting_.wait_for(lock, kLookEvery, is_needed);
    const bool withdraws = std::exchange(withdraws_, false);
    const auto lost = std::exchange(lost_, std::nullopt);
    std::vector<std::shared_ptr<PendingTask>> tasks;
    if (withdraws) {
      tasks.assign(std::move_iterator(waiting_.begin()), std::move_iterator(waiting_.end()));
      waiting_.clear();
    }
    lock.unlock();
    if (lost) lose(*lost);
    const Failure stopping{FailureKind::cancelled, "the run is stopping"};
    for (const auto& task : tasks) task->fail(stopping);
    if (withdraws) withdraw(stopping);
    lock.lock();
    tasks = next_tasks();
    lock.unlock();
    if (!tasks.empty()) post(tasks);
    look_after();
    lock.lock();
  }
  lock.unlock();
  if (run_) static_cast<void>(run_->close());  // remaining keys expire
}

// Whether several tasks may be posted at once: workers claim more than they work on.
bool QueueExecutor::may_post() const {
  const std::size_t few = std::clamp<std::size_t>(options_.most_out / kPart, 1, kFew);
  return !waiting_.empty() && out_.size() + few <= options_.most_out;
}

// The tasks that may be posted now.  Nothing throws once a task is moved: it would be destroyed,
// and so completed, under the lock, and the planner may call `cancel_queued` then.
std::vector<std::shared_ptr<PendingTask>> QueueExecutor::next_tasks() {
  const std::size_t room = options_.most_out - std::min(out_.size(), options_.most_out);
  std::vector<std::shared_ptr<PendingTask>> tasks;
  tasks.reserve(std::min(room, waiting_.size()));
  while (!waiting_.empty() && tasks.size() < room) {
    tasks.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return tasks;
}

void QueueExecutor::post(const std::vector<std::shared_ptr<PendingTask>>& tasks) {
  const Status opened = run_ ? Status{} : open();
  if (!opened && ends_run(opened.error())) refuse_all(opened.error());
  if (!opened) {
    for (const auto& task : tasks) task->fail(opened.error());
    return;
  }
  std::vector<PostedTask> posted;
  {
    const Lock lock(mutex_);
    for (const auto& task : tasks) {
      posted.push_back({task->task().id, encode(WorkerCommand(task->task()))});
      out_.emplace(task->task().id, task);
    }
  }
  const auto refused = run_->post(posted);
  if (!refused) return lose(refused.error());
  for (const auto& [id, why] : *refused) {
    bring_home(id, {FailureKind::queue, fmt::format("{}: {}", options_.address.shown(), why)});
  }
}

Status QueueExecutor::open() {
  if (rests_ && clock_.now() < rests_->until) return fail(FailureKind::queue, rests_->why);
  auto run = QueueRun::open(options_.address, options_.run_info, lost_run_);
  if (!run) return fail(run.error());
  run_.emplace(std::move(*run));
  lost_run_.clear();
  if (std::exchange(was_lost_, false)) {
    options_.warn(fmt::format("reconnected to {}", options_.address.shown()));
  }
  last_worker_ = clock_.now();
  {
    const Lock lock(mutex_);
    replies_ = run_->keys().replies;
    tasks_ = run_->keys().tasks;
    has_heard_ = false;
  }
  wake_collecting_.notify_one();
  return {};
}

void QueueExecutor::look_after() {
  const Time now = clock_.now();
  if (!run_ || now < next_look_) return;
  next_look_ = now + kLookEvery;
  Status good = check_run();
  if (good) good = check_workers();
  if (!good) lose(good.error());
}

Status QueueExecutor::check_run() {
  const auto there = run_->renew();
  if (!there) return fail(there.error());
  if (!*there) return fail(FailureKind::queue, kKeysAreGone);
  const auto abandoned = run_->claim_expired(options_.run_info.lease);
  if (!abandoned) return fail(abandoned.error());
  for (const std::uint64_t id : *abandoned) {
    bring_home(id, {FailureKind::worker_lost, "the lease of its worker expired"});
  }
  const auto refused = run_->refused();
  if (!refused) return fail(refused.error());
  for (const auto& [worker, why] : *refused) {
    if (warned_.emplace(worker, why).second) {
      options_.warn(fmt::format("worker {} was refused: {}", worker, why));
    }
  }
  return {};
}

Status QueueExecutor::check_workers() {
  const Time now = clock_.now();
  const auto workers = run_->count_workers(sign_of_life());
  if (!workers) return fail(workers.error());
  workers_ = *workers;
  const bool is_time = *workers == 0 && now - last_worker_ >= options_.response_timeout;
  if (*workers > 0 || is_time) last_worker_ = now;
  if (!is_time) return {};
  withdraw(
      {FailureKind::queue, fmt::format("no worker on {} (start one with repopipe worker --queue)",
                                       options_.address.shown())});
  return {};
}

void QueueExecutor::withdraw(const Failure& failure) {
  if (!run_) return;
  const auto ids = run_->withdraw();
  if (!ids) return lose(ids.error());
  for (const std::uint64_t id : *ids) bring_home(id, failure);
}

}  // namespace repopipe
