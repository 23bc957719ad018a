// Blocking fetch: N threads with an easy handle each take tasks from one queue.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "pipeline/base/thread.h"
#include "pipeline/model/interfaces.h"
#include "stages/fetch/http_client.h"
#include "stages/fetch/queued.h"
#include "stages/fetch/transfer.h"

namespace repopipe {

// `options.concurrency` threads; each keeps its connection alive between exchanges.
// Destroying it cancels what waits, lets exchanges under way end, and joins the threads.
// With fewer threads than asked for it warns and goes on: one is enough.  Without any the
// constructor throws Thrown, and tasks fail as `internal`.
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
  void let_others_go();
  void lose_thread(const Failure& failure);

  CurlLibrary library_;
  const HttpOptions options_;
  ProxyLogin login_;
  Connections connections_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<QueuedRequest> queued_;  // guarded by mutex_
  bool stopping_ = false;             // guarded by mutex_
  std::thread::id tries_login_{};     // guarded by mutex_; whose exchange goes alone
  int alive_ = 0;                     // guarded by mutex_; threads
  std::optional<Failure> broken_;     // guarded by mutex_; set: no thread is left
  std::vector<Thread> threads_;
};

}  // namespace repopipe
