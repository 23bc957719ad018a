// A worker's part in one run of a queue: it takes tasks from the run's stream, has worker
// processes fetch and parse them, and sends task results back.
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
  std::string run{};   // its id
  std::string name{};  // of this worker; unique
  std::chrono::milliseconds lease{};
  std::size_t exchanges = 1;  // of the run, that all its workers may make at a time
};

// Threading: one thread, besides those of its own.
class QueueSession {
 public:
  // `pool` fetches and parses, and leaves task results encoded.  `clock` outlives the session.
  // Throws Thrown where a thread cannot be started.
  QueueSession(SessionOptions options, std::unique_ptr<Executor> pool, const Clock& clock);
  ~QueueSession();  // leaves
  QueueSession(const QueueSession&) = delete;
  QueueSession& operator=(const QueueSession&) = delete;

  // Takes nothing more, and is over when everything that it had has been sent back, or when Redis
  // has refused that for the time of a lease.
  void drain();
  // Gives up what is under way; others get it after the lease.
  void leave();
  // The run has ended, Redis is lost, or the session is drained.
  bool is_over() const { return is_over_; }
  // Why, if it is not the run's end or a drain; of kind `job` if it will not pass.  Of meaning once
  // it is over.
  std::optional<Failure> trouble();
  // Final once it has left.
  std::uint64_t settled() const { return settled_; }

 private:
  struct Finished {
    std::string entry;  // of the stream
    std::uint64_t task;
    std::string message;
  };

  // Of the thread that takes:
  void take_all();
  Status take_until_told();
  Status take_some(Redis& redis);
  void take(std::string_view entry, std::uint64_t id, std::string_view message);
  // Of the thread that sends:
  void send_all();
  bool wait_for_finished(std::vector<Finished>& finished, Duration longest);
  Status send(Redis& redis, std::vector<Finished>& finished);
  Status renew(Redis& redis);
  void call_back(std::uint64_t last);
  // Of all:
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
  bool takes_ GUARDED_BY(mutex_) = true;  // the taker runs
  bool drains_ GUARDED_BY(mutex_) = false;
  bool stops_ GUARDED_BY(mutex_) = false;
  std::optional<Failure> trouble_ GUARDED_BY(mutex_);
  // This worker does not reach the API, and others are there.  It takes one
  // task at a time then, after growing pauses.
  int unreached_ GUARDED_BY(mutex_) = 0;  // requests in a row
  Duration pause_ GUARDED_BY(mutex_){};
  Time pauses_until_ GUARDED_BY(mutex_){};
  bool has_others_ GUARDED_BY(mutex_) = false;
  std::atomic<bool> is_over_{false};
  std::atomic<std::uint64_t> settled_{0};

  // Of the thread that sends alone:
  std::optional<Time> refused_since_;  // by Redis, for lack of memory perhaps
  PendingAcks pending_acks_{keys_};    // of what has been answered

  // Of the thread that takes alone:
  ConcurrencyShare share_;

  std::unique_ptr<Executor> pool_;  // its threads use what stands above
  Thread taker_;
  Thread sender_;  // last
};

}  // namespace repopipe
