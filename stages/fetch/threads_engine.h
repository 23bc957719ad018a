// HttpClient with N threads; each has an easy handle and takes tasks from one queue.
#pragma once

#include <deque>
#include <optional>
#include <thread>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "pipeline/model/interfaces.h"
#include "stages/fetch/http_client.h"
#include "stages/fetch/queued.h"
#include "stages/fetch/transfer.h"

namespace repopipe {

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

}  // namespace repopipe
