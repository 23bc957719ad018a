// HttpClient with one thread and one curl multi handle for all requests; with HTTP/2 they share one
// connection.
#include <algorithm>
#include <cassert>
#include <deque>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "stages/fetch/http_client.h"
#include "stages/fetch/transfer.h"

namespace repopipe {
namespace {

// How long the loop waits without events; a submission wakes it.
constexpr int kPollMilliseconds = 1000;

Failure stopping() {
  return {FailureKind::cancelled, "the run is stopping"};
}

// At most `options.concurrency` requests run; other tasks wait in order. The destructor cancels all
// tasks and returns when every `done` has run.  If an exception ends its thread, all its tasks and
// later ones fail as `internal`.  The constructor throws Thrown if the thread cannot be started.
class EventLoopEngine final : public HttpClient {
 public:
  EventLoopEngine(HttpOptions options, const Clock& clock);
  ~EventLoopEngine() override;

  void submit(std::shared_ptr<PendingTask> task, Done done) override;
  void cancel_queued() override;

 private:
  struct ActiveTransfer {
    std::unique_ptr<Transfer> handle;
    Done done;
  };
  struct Finished {
    FetchResult fetched;
    Done done;
  };
  struct FreeMulti {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  void loop();
  bool take_orders();
  std::size_t most_running() const;
  void start_waiting();
  void take_done();
  void hand_over();
  void end_orders(const Failure& failure);
  void end_all(const Failure& failure);
  void break_down(const Failure& failure);

  CurlLibrary library_;
  const HttpOptions options_;
  ProxyLogin login_;
  Connections connections_;
  const Clock& clock_;
  std::unique_ptr<CURLM, FreeMulti> multi_;

  Mutex mutex_;
  std::vector<QueuedRequest> inbox_ GUARDED_BY(mutex_);
  bool cancelling_ GUARDED_BY(mutex_) = false;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::optional<Failure> broken_ GUARDED_BY(mutex_);  // set: the thread has ended with this failure

  // Used by the loop's thread only:
  std::deque<QueuedRequest> waiting_;
  std::vector<ActiveTransfer> running_;
  std::vector<std::unique_ptr<Transfer>> idle_;
  std::vector<Finished> finished_;  // completed, `done` not called yet

  Thread thread_;  // last member: starts after all others exist
};

EventLoopEngine::EventLoopEngine(HttpOptions options, const Clock& clock)
    : options_(std::move(options)),
      login_(has_proxy_login(options_.base_url)),
      clock_(clock),
      multi_(curl_multi_init()) {
  if (multi_ == nullptr) throw std::bad_alloc();
  const long connections = options_.concurrency;
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, connections);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_CONCURRENT_STREAMS, connections);
  // So that adding a running task never allocates.
  running_.reserve(static_cast<std::size_t>(options_.concurrency));
  finished_.reserve(static_cast<std::size_t>(options_.concurrency));
  thread_ = Thread::must_start(
      "event_loop", [this] { loop(); }, [this](const Failure& failure) { break_down(failure); });
}

EventLoopEngine::~EventLoopEngine() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  curl_multi_wakeup(multi_.get());
  thread_.join();
}

void EventLoopEngine::submit(std::shared_ptr<PendingTask> task, Done done) {
  QueuedRequest queued(std::move(task), std::move(done));
  Lock lock(mutex_);
  if (broken_) {
    const Failure broken = *broken_;
    lock.unlock();
    return queued.give_up(broken);
  }
  const bool was_empty = inbox_.empty();
  inbox_.push_back(std::move(queued));
  lock.unlock();
  if (was_empty) curl_multi_wakeup(multi_.get());
}

void EventLoopEngine::cancel_queued() {
  {
    const Lock lock(mutex_);
    cancelling_ = true;
  }
  curl_multi_wakeup(multi_.get());
}

void EventLoopEngine::loop() {
  while (take_orders()) {
    start_waiting();
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    hand_over();  // completed earlier; their successors are sent first
    take_done();
    if (!finished_.empty()) continue;
    curl_multi_poll(multi_.get(), nullptr, 0, kPollMilliseconds, nullptr);
  }
  hand_over();
  end_all(stopping());
}

// False: the engine must stop.
bool EventLoopEngine::take_orders() {
  Lock lock(mutex_);
  std::ranges::move(inbox_, std::back_inserter(waiting_));
  inbox_.clear();
  const bool goes_on = !stopping_;
  const bool cancels = std::exchange(cancelling_, false);
  lock.unlock();
  if (cancels) end_orders(stopping());
  return goes_on;
}

std::size_t EventLoopEngine::most_running() const {
  return login_.is_doubtful() ? 1 : static_cast<std::size_t>(options_.concurrency);
}

void EventLoopEngine::start_waiting() {
  while (!waiting_.empty() && running_.size() < most_running()) {
    if (idle_.empty())
      idle_.push_back(std::make_unique<Transfer>(options_, login_, connections_, clock_));
    QueuedRequest queued = std::move(waiting_.front());
    waiting_.pop_front();
    running_.push_back({std::move(idle_.back()), std::exchange(queued.done, nullptr)});
    idle_.pop_back();
    ActiveTransfer& exchange = running_.back();
    if (const auto failure = exchange.handle->begin(std::move(queued.task))) {
      finished_.push_back({exchange.handle->give_up(*failure), std::move(exchange.done)});
      idle_.push_back(std::move(exchange.handle));
      running_.pop_back();
      hand_over();
      continue;
    }
    curl_multi_add_handle(multi_.get(), exchange.handle->easy());
  }
}

void EventLoopEngine::take_done() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode code = message->data.result;
    const auto exchange = std::ranges::find_if(
        running_, [easy](const ActiveTransfer& each) { return each.handle->easy() == easy; });
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

void EventLoopEngine::end_all(const Failure& failure) {
  for (ActiveTransfer& exchange : running_) {
    curl_multi_remove_handle(multi_.get(), exchange.handle->easy());
    exchange.done(exchange.handle->give_up(failure));
  }
  running_.clear();
  end_orders(failure);
  idle_.clear();
}

void EventLoopEngine::end_orders(const Failure& failure) {
  for (QueuedRequest& queued : waiting_) queued.give_up(failure);
  waiting_.clear();
}

// Runs on the loop's thread before it ends: fails all its tasks.
void EventLoopEngine::break_down(const Failure& failure) {
  const Failure broken = breakdown(failure);
  {
    const Lock lock(mutex_);
    broken_ = broken;
    std::ranges::move(inbox_, std::back_inserter(waiting_));
    inbox_.clear();
  }
  hand_over();
  end_all(broken);
}

}  // namespace

std::unique_ptr<HttpClient> make_event_loop_engine(HttpOptions options, const Clock& clock) {
  return std::make_unique<EventLoopEngine>(std::move(options), clock);
}

}  // namespace repopipe
