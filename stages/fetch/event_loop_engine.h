// HttpClient with one thread and one curl multi handle for all requests; with HTTP/2 they share one
// connection.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "pipeline/model/interfaces.h"
#include "stages/fetch/http_client.h"
#include "stages/fetch/queued.h"
#include "stages/fetch/transfer.h"

namespace repopipe {

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
    Fetched fetched;
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

}  // namespace repopipe
