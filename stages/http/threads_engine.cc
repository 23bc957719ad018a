#include "stages/http/threads_engine.h"

#include <utility>

namespace repopipe {

ThreadsEngine::ThreadsEngine(HttpOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock) {
  for (int i = 0; i < options_.concurrency; ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

ThreadsEngine::~ThreadsEngine() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  cancel_waiting();
}

void ThreadsEngine::cancel_waiting() {
  std::unique_lock lock(mutex_);
  auto orders = std::exchange(orders_, {});
  lock.unlock();
  for (Order& order : orders) order.done(cancelled(std::move(order.ticket)));
}

void ThreadsEngine::submit(Ticket ticket, Done done) {
  const std::lock_guard lock(mutex_);
  orders_.push_back({std::move(ticket), std::move(done)});
  wake_.notify_one();
}

void ThreadsEngine::work() {
  ExchangeHandle handle(options_, clock_);
  while (true) {
    Order order;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !orders_.empty(); });
      if (stopping_) return;
      order = std::move(orders_.front());
      orders_.pop_front();
    }
    handle.begin(std::move(order.ticket));
    order.done(handle.finish(curl_easy_perform(handle.easy())));
  }
}

}  // namespace repopipe
