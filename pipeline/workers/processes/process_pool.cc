#include "pipeline/workers/processes/process_pool.h"

#include <sys/eventfd.h>

#include <utility>

#include "pipeline/base/system.h"
#include "pipeline/base/thread.h"
#include "pipeline/workers/processes/pool_loop.h"

namespace repopipe {
ProcessPool::ProcessPool(PoolOptions options, Resources resources, const Clock& clock)
    : wanted_(static_cast<std::size_t>(options.processes)), inbox_(std::make_unique<PoolInbox>()) {
  // Shared, because std::function copies its target.
  auto shared = std::make_shared<PoolOptions>(std::move(options));
  thread_ = Thread::must_start(
      "pool",
      [this, shared = std::move(shared), resources, &clock] {
        PoolLoop(std::move(*shared), resources, clock, *inbox_).run();
      },
      [this](const Failure& failure) { break_down(failure); });
}

ProcessPool::~ProcessPool() {
  {
    const Lock lock(inbox_->mutex);
    inbox_->stops = true;
  }
  inbox_->ring();
  thread_.join();
}

void ProcessPool::submit(std::shared_ptr<PendingTask> task) {
  Lock lock(inbox_->mutex);
  if (inbox_->broken) {
    const Failure broken = *inbox_->broken;
    lock.unlock();
    return task->fail(broken);
  }
  inbox_->tasks.push_back(std::move(task));
  lock.unlock();
  ring();
}

std::optional<WorkerCounts> ProcessPool::workers() const {
  return WorkerCounts{.ready = inbox_->ready, .wanted = wanted_, .lost = inbox_->lost};
}

// Runs on the loop's thread before it ends.
void ProcessPool::break_down(const Failure& failure) {
  const Failure broken = breakdown(failure);
  std::vector<std::shared_ptr<PendingTask>> tasks;
  {
    const Lock lock(inbox_->mutex);
    inbox_->broken = broken;
    tasks.swap(inbox_->tasks);
  }
  for (const auto& task : tasks) task->fail(broken);
}

void ProcessPool::cancel_queued() {
  {
    const Lock lock(inbox_->mutex);
    inbox_->withdraws = true;
  }
  ring();
}

// The loop's own thread need not be woken: the loop checks the inbox before it waits.
void ProcessPool::ring() {
  if (!thread_.is_this_thread()) inbox_->ring();
}

PoolInbox::PoolInbox() : wake(must_open(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "an eventfd")) {}

void PoolInbox::ring() const {
  eventfd_write(wake.number(), 1);
}

bool PoolInbox::has_something() {
  const Lock lock(mutex);
  return !tasks.empty() || withdraws || stops;
}

}  // namespace repopipe
