#include "stages/http/event_loop_engine.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace repopipe {
namespace {

// How long the loop sleeps when nothing happens; submissions wake it at once.
constexpr int kPollMilliseconds = 1000;

}  // namespace

EventLoopEngine::EventLoopEngine(HttpOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock), multi_(curl_multi_init()) {
  assert(multi_ != nullptr);
  const long connections = options_.concurrency;
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, connections);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_CONCURRENT_STREAMS, connections);
  thread_ = std::thread([this] { loop(); });
}

EventLoopEngine::~EventLoopEngine() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  curl_multi_wakeup(multi_.get());
  thread_.join();
}

void EventLoopEngine::submit(Ticket ticket, Done done) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = inbox_.empty();
    inbox_.push_back({std::move(ticket), std::move(done)});
  }
  if (was_empty) curl_multi_wakeup(multi_.get());
}

void EventLoopEngine::cancel_waiting() {
  {
    const std::lock_guard lock(mutex_);
    cancelling_ = true;
  }
  curl_multi_wakeup(multi_.get());
}

void EventLoopEngine::loop() {
  while (take_orders()) {
    start_waiting();
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    hand_over();  // what had come before, now that its successors are on the wire
    take_done();
    if (!finished_.empty()) continue;
    curl_multi_poll(multi_.get(), nullptr, 0, kPollMilliseconds, nullptr);
  }
  hand_over();
  cancel_all();
}

// False when the engine is to stop.
bool EventLoopEngine::take_orders() {
  std::unique_lock lock(mutex_);
  std::ranges::move(inbox_, std::back_inserter(waiting_));
  inbox_.clear();
  const bool goes_on = !stopping_;
  const bool cancels = std::exchange(cancelling_, false);
  lock.unlock();
  if (cancels) cancel_orders();
  return goes_on;
}

void EventLoopEngine::start_waiting() {
  while (!waiting_.empty() && running_.size() < static_cast<std::size_t>(options_.concurrency)) {
    if (idle_.empty()) idle_.push_back(std::make_unique<ExchangeHandle>(options_, clock_));
    Exchange exchange{std::move(idle_.back()), std::move(waiting_.front().done)};
    idle_.pop_back();
    exchange.handle->begin(std::move(waiting_.front().ticket));
    waiting_.pop_front();
    curl_multi_add_handle(multi_.get(), exchange.handle->easy());
    running_.push_back(std::move(exchange));
  }
}

void EventLoopEngine::take_done() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode code = message->data.result;
    const auto exchange = std::ranges::find_if(
        running_, [easy](const Exchange& each) { return each.handle->easy() == easy; });
    assert(exchange != running_.end());
    finished_.push_back({exchange->handle->finish(code), std::move(exchange->done)});
    curl_multi_remove_handle(multi_.get(), easy);
    idle_.push_back(std::move(exchange->handle));
    if (&*exchange != &running_.back()) *exchange = std::move(running_.back());
    running_.pop_back();
  }
}

void EventLoopEngine::hand_over() {
  for (Finished& each : finished_) each.done(std::move(each.fetched));
  finished_.clear();
}

void EventLoopEngine::cancel_all() {
  for (Exchange& exchange : running_) {
    curl_multi_remove_handle(multi_.get(), exchange.handle->easy());
    exchange.done(exchange.handle->cancel());
  }
  running_.clear();
  cancel_orders();
  idle_.clear();
}

void EventLoopEngine::cancel_orders() {
  for (Order& order : waiting_) order.done(cancelled(std::move(order.ticket)));
  waiting_.clear();
}

}  // namespace repopipe
