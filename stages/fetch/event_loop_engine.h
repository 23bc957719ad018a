// Asynchronous fetch: one thread and one curl multi handle carry many exchanges at once, over
// HTTP/2 on one connection where the server has it.
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

// At most `options.concurrency` exchanges run; further tasks wait inside, in order.
// Destroying it cancels what is under way and returns once every `done` has run.  What its thread
// throws fails what it has in hand, and all that comes later, as `internal`.  The constructor
// throws Thrown where the thread cannot be started.
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
  std::optional<Failure> broken_ GUARDED_BY(mutex_);  // set: the thread has ended

  // Of the loop's thread alone:
  std::deque<QueuedRequest> waiting_;
  std::vector<ActiveTransfer> running_;
  std::vector<std::unique_ptr<Transfer>> idle_;
  std::vector<Finished> finished_;  // not handed over yet

  Thread thread_;  // last: everything else is there when it starts
};

}  // namespace repopipe
