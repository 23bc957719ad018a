// The event loop of a process pool: starts workers, distributes tasks, reads results, and replaces
// lost workers.  Used by ProcessPool.
#pragma once

#include <poll.h>

#include <atomic>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/workers/processes/process_pool.h"
#include "pipeline/workers/processes/worker_exit.h"
#include "pipeline/workers/processes/worker_link.h"

namespace repopipe {

// Requests of other threads to the loop.
struct PoolInbox {
  PoolInbox();
  // Wakes the loop.  Other threads call it after changing a member.
  void ring() const;
  bool has_something();

  const Descriptor wake;  // an eventfd
  Mutex mutex;
  std::vector<std::shared_ptr<PendingTask>> tasks GUARDED_BY(mutex);
  bool withdraws GUARDED_BY(mutex) = false;
  bool stops GUARDED_BY(mutex) = false;
  // For people; changed by the loop only.
  std::atomic<std::size_t> ready = 0;
  std::atomic<std::uint64_t> lost = 0;
  // Set: the loop has ended with this failure, and takes no tasks.
  std::optional<Failure> broken GUARDED_BY(mutex);
};

// Threading: constructed, run and destroyed on one thread, which starts the workers and outlives
// them.
class PoolLoop {
 public:
  // The references outlive the loop.
  PoolLoop(PoolOptions options, Resources resources, const Clock& clock, PoolInbox& inbox);
  // Unfinished tasks fail as `cancelled`; the workers end.
  ~PoolLoop();
  PoolLoop(const PoolLoop&) = delete;
  PoolLoop& operator=(const PoolLoop&) = delete;

  // Returns when the inbox says so.  An exception ends all workers.
  void run();

 private:
  bool take_turn();
  bool take_inbox();
  void start_missing();
  void start(std::size_t place);
  Configure configure_of(std::size_t place) const;
  void dispatch();
  void wait();
  void serve();
  WorkerProcess* choose(const Task& task, const WorkerProcess* reserved);
  void cannot_start(const Failure& why);
  bool has_ready_worker() const;
  std::optional<WorkerExit> loss_of_worker(WorkerProcess& worker, bool has_ended);
  std::optional<WorkerExit> check(WorkerProcess& worker);
  void give_up(std::size_t place, const WorkerExit& loss);
  void leave_tasks(WorkerProcess& worker, FailureKind kind, const std::string& why);
  void give_up_all(const Failure& why);
  void cancel_queued();

  PoolOptions options_;
  const Resources resources_;
  const Clock& clock_;
  PoolInbox& inbox_;
  std::vector<std::string> secrets_;  // removed from the workers' environment
  std::deque<std::shared_ptr<PendingTask>> waiting_;
  std::vector<std::optional<WorkerProcess>> workers_;
  std::vector<pollfd> polled_;
  RestartPolicy restarts_;
  std::optional<Failure> broken_;  // set: workers cannot be started
  Time next_check_{};
};

}  // namespace repopipe
