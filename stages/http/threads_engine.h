// Blocking fetch: N threads with an easy handle each take tickets from one queue.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "pipeline/core/seams.h"
#include "stages/http/exchange_handle.h"
#include "stages/http/http_options.h"

namespace repopipe {

// `options.concurrency` threads; each keeps its connection alive between exchanges.
// Destroying it cancels what waits, lets exchanges under way end, and joins the threads.
class ThreadsEngine final : public FetchEngine {
 public:
  ThreadsEngine(HttpOptions options, const Clock& clock);
  ~ThreadsEngine() override;

  void submit(Ticket ticket, Done done) override;
  void cancel_waiting() override;

 private:
  struct Order {
    Ticket ticket;
    Done done;
  };

  void work();

  CurlLibrary library_;
  const HttpOptions options_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Order> orders_;  // guarded by mutex_
  bool stopping_ = false;     // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace repopipe
