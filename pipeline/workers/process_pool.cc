#include "pipeline/workers/process_pool.h"

#include <utility>

#include "pipeline/workers/pool_loop.h"

namespace repopipe {

ProcessPool::ProcessPool(PoolOptions options, Fields fields, const Clock& clock)
    : inbox_(std::make_unique<PoolInbox>()) {
  thread_ = std::thread([this, options = std::move(options), fields, &clock]() mutable {
    PoolLoop(std::move(options), fields, clock, *inbox_).run();
  });
}

ProcessPool::~ProcessPool() {
  {
    const std::lock_guard lock(inbox_->mutex);
    inbox_->stops = true;
  }
  inbox_->ring();
  thread_.join();
}

void ProcessPool::submit(Ticket ticket, Done done) {
  {
    const std::lock_guard lock(inbox_->mutex);
    inbox_->errands.push_back({std::move(ticket), std::move(done)});
  }
  ring();
}

void ProcessPool::cancel_waiting() {
  {
    const std::lock_guard lock(inbox_->mutex);
    inbox_->withdraws = true;
  }
  ring();
}

// What the loop's own thread brings, by way of a settlement, the loop finds before it waits.
void ProcessPool::ring() {
  if (std::this_thread::get_id() != thread_.get_id()) inbox_->ring();
}

}  // namespace repopipe
