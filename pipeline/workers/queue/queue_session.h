// The part of a worker in one run: it claims tasks from the run's stream, lets worker processes
// fetch and parse them, and sends the results.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/workers/queue/claimed_tasks.h"
#include "pipeline/workers/queue/queue_keys.h"
#include "pipeline/workers/queue/redis.h"
#include "pipeline/workers/queue/worker_health.h"
#include "pipeline/workers/wire/messages.h"

namespace repopipe {

struct SessionOptions {
  QueueAddress address{};
  std::string run{};   // id of the run
  std::string name{};  // name of this worker; unique
  std::chrono::milliseconds lease{};
  std::size_t exchanges = 1;  // concurrent requests of the run, for all workers
};

// Threading: one thread, besides its own threads.
class QueueSession {
 public:
  // `pool` fetches and parses, and leaves results encoded.  `clock` outlives the session. Throws
  // Thrown if a thread cannot be started.
  QueueSession(SessionOptions options, std::unique_ptr<Executor> pool, const Clock& clock);
  ~QueueSession();  // calls leave()
  QueueSession(const QueueSession&) = delete;
  QueueSession& operator=(const QueueSession&) = delete;

  // Claims no more tasks.  The session is over when all results are sent, or when Redis has refused
  // them for the time of a lease.
  void drain();
  // Cancels the tasks in progress; they are reassigned after the lease.
  void leave();
  // Whether the run has ended, Redis is lost, or the session is drained.
  bool is_over() const { return is_over_; }
  // The cause, unless the run ended or the session drained; of kind `job` if it is permanent.  Call
  // it when the session is over.
  std::optional<Failure> trouble();
  // Final after leave().
  std::uint64_t settled() const { return settled_; }

 private:
  struct Finished {
    std::string entry;  // of the stream
    std::uint64_t task;
    std::string message;
  };

  // Used by the claiming thread:
  void take_all();
  Status take_until_told();
  Status take_some(Redis& redis);
  void take(std::string_view entry, std::uint64_t id, std::string_view message);
  // Used by the sending thread:
  void send_all();
  bool wait_for_finished(std::vector<Finished>& finished, Duration longest);
  Status send(Redis& redis, std::vector<Finished>& finished);
  Status renew(Redis& redis);
  void call_back(std::uint64_t last);
  // Used by all threads:
  void begin_some();
  void settled(const std::string& entry, TaskResult task_result) noexcept;
  void finish(std::string entry, TaskResult task_result);
  void end(const Failure& trouble);
  void note(WayTrouble trouble);
  bool may_take() const REQUIRES(mutex_);
  bool wait_to_take();

  const SessionOptions options_;
  const Clock& clock_;
  const QueueKeys keys_;

  Mutex mutex_;
  Condition wake_taking_;
  Condition wake_sending_;
  ClaimedTasks taken_ GUARDED_BY(mutex_);
  std::vector<Finished> finished_ GUARDED_BY(mutex_);
  bool takes_ GUARDED_BY(mutex_) = true;  // the claiming thread runs
  bool drains_ GUARDED_BY(mutex_) = false;
  bool stops_ GUARDED_BY(mutex_) = false;
  std::optional<Failure> trouble_ GUARDED_BY(mutex_);
  // This worker cannot reach the API while others can.  It then takes one task at a time, after
  // increasing pauses.
  int unreached_ GUARDED_BY(mutex_) = 0;  // failed requests in a row
  Duration pause_ GUARDED_BY(mutex_){};
  Time pauses_until_ GUARDED_BY(mutex_){};
  bool has_others_ GUARDED_BY(mutex_) = false;
  std::atomic<bool> is_over_{false};
  std::atomic<std::uint64_t> settled_{0};

  // Used by the sending thread only:
  std::optional<Time> refused_since_;  // since Redis refuses results, for example out of memory
  PendingAcks pending_acks_{keys_};    // of results that were sent

  // Used by the claiming thread only:
  ConcurrencyShare share_;

  std::unique_ptr<Executor> pool_;  // its threads use the members above
  Thread taker_;
  Thread sender_;  // last member: destroyed first
};

}  // namespace repopipe
