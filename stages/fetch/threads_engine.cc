// HttpClient with N threads; each has an easy handle and takes tasks from one queue.
#include <fmt/format.h>

#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "stages/fetch/http_client.h"
#include "stages/fetch/transfer.h"

namespace repopipe {
namespace {

// `options.concurrency` threads; each keeps its connection open. The destructor cancels waiting
// tasks, waits for requests in flight, and joins the threads. If only some threads can be started
// it warns and continues.  If none can be, the constructor throws Thrown; if all end later, tasks
// fail as `internal`.
class ThreadsEngine final : public HttpClient {
 public:
  ThreadsEngine(HttpOptions options, const Clock& clock);
  ~ThreadsEngine() override;

  void submit(std::shared_ptr<PendingTask> task, Done done) override;
  void cancel_queued() override;

 private:
  void work();
  void carry_out(Transfer& handle, QueuedRequest queued);
  std::optional<QueuedRequest> next_order();
  void let_others_go() REQUIRES(mutex_);
  void lose_thread(const Failure& failure);

  CurlLibrary library_;
  const HttpOptions options_;
  ProxyLogin login_;
  Connections connections_;
  const Clock& clock_;
  Mutex mutex_;
  Condition wake_;
  std::deque<QueuedRequest> queued_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread::id tries_login_ GUARDED_BY(mutex_){};  // the thread whose request is alone in flight
  int alive_ GUARDED_BY(mutex_) = 0;                  // running threads
  std::optional<Failure> broken_ GUARDED_BY(mutex_);  // set: no thread is left
  std::vector<Thread> threads_;
};

ThreadsEngine::ThreadsEngine(HttpOptions options, const Clock& clock)
    : options_(std::move(options)),
      login_(has_proxy_login(options_.base_url)),
      clock_(clock),
      alive_(options_.concurrency) {
  threads_.reserve(static_cast<std::size_t>(options_.concurrency));
  Status started;
  while (started && std::ssize(threads_) < options_.concurrency) {
    auto thread = Thread::start(
        "fetch", [this] { work(); }, [this](const Failure& failure) { lose_thread(failure); });
    if (thread) {
      threads_.push_back(std::move(*thread));
    } else {
      started = fail(thread.error());
    }
  }
  if (threads_.empty()) throw Thrown(started.error());
  if (!started) {
    options_.warn(fmt::format("fetch.concurrency is reduced from {} to {}: {}",
                              options_.concurrency, threads_.size(), started.error().message));
  }
  const Lock lock(mutex_);
  alive_ -= options_.concurrency - static_cast<int>(threads_.size());
  if (alive_ == 0) broken_ = Failure{FailureKind::internal, "no thread for requests"};
}

ThreadsEngine::~ThreadsEngine() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (Thread& thread : threads_) thread.join();
  cancel_queued();
}

void ThreadsEngine::cancel_queued() {
  Lock lock(mutex_);
  std::deque<QueuedRequest> queued;
  queued.swap(queued_);
  lock.unlock();
  for (QueuedRequest& each : queued) each.give_up({FailureKind::cancelled, "the run is stopping"});
}

void ThreadsEngine::submit(std::shared_ptr<PendingTask> task, Done done) {
  QueuedRequest queued(std::move(task), std::move(done));
  Lock lock(mutex_);
  if (broken_) {
    const Failure broken = *broken_;
    lock.unlock();
    return queued.give_up(broken);
  }
  queued_.push_back(std::move(queued));
  lock.unlock();
  wake_.notify_one();
}

void ThreadsEngine::work() {
  Transfer handle(options_, login_, connections_, clock_);
  while (auto queued = next_order()) carry_out(handle, std::move(*queued));
}

// Nothing: the client stops.
std::optional<QueuedRequest> ThreadsEngine::next_order() {
  Lock lock(mutex_);
  let_others_go();
  const std::thread::id nobody;
  wake_.wait(lock, [&]() REQUIRES(mutex_) {
    return stopping_ || (!queued_.empty() && tries_login_ == nobody);
  });
  if (stopping_) return std::nullopt;
  if (login_.is_doubtful()) tries_login_ = std::this_thread::get_id();
  std::optional<QueuedRequest> queued(std::move(queued_.front()));
  queued_.pop_front();
  return queued;
}

// Wakes all waiting threads, or one.  Requires the lock.
void ThreadsEngine::let_others_go() {
  if (tries_login_ != std::this_thread::get_id()) return;
  tries_login_ = {};
  wake_.notify_all();
}

void ThreadsEngine::carry_out(Transfer& handle, QueuedRequest queued) {
  if (const auto failure = handle.begin(std::move(queued.task))) {
    queued.tell(handle.give_up(*failure));
  } else {
    queued.tell(handle.finish(curl_easy_perform(handle.easy())));
  }
}

// Runs on a thread that ends.  Other threads continue; the last one fails all tasks.
void ThreadsEngine::lose_thread(const Failure& failure) {
  Lock lock(mutex_);
  let_others_go();
  if (--alive_ > 0) return;
  const Failure broken = breakdown(failure);
  broken_ = broken;
  std::deque<QueuedRequest> queued;
  queued.swap(queued_);
  lock.unlock();
  for (QueuedRequest& each : queued) each.give_up(broken);
}

}  // namespace

std::unique_ptr<HttpClient> make_threads_engine(HttpOptions options, const Clock& clock) {
  return std::make_unique<ThreadsEngine>(std::move(options), clock);
}

}  // namespace repopipe
