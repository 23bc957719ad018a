#include "stages/http/threads_engine.h"

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
  for (Order& order : orders_) {
    order.done({.ticket = std::move(order.ticket),
                .reply = fail(FailureKind::cancelled, "the run is stopping"),
                .timing = {}});
  }
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
