// Executor for `execution.queue`: puts tasks on a Redis stream; `repopipe worker` on any machine
// claims them, fetches, parses and returns results.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/resource.h"
#include "pipeline/workers/queue/queue_run.h"
#include "pipeline/workers/queue/worker_health.h"

namespace repopipe {

struct QueueOptions {
  QueueAddress address{};
  RunInfo run_info{};
  std::size_t most_out = 8;  // tasks on the stream at the same time, for all workers
  // How long the run waits for a first worker.
  Duration response_timeout = std::chrono::seconds(10);
  // Called with a line about each worker that is refused or cannot reach the API, and when the
  // queue is lost or reconnected.  Runs on a thread of its own.
  std::function<void(const std::string&)> warn = [](const std::string&) {};
};

// Tasks fail as `worker_lost` if the lease of their worker expired or Redis was lost or emptied; as
// `queue` if they could not be posted or no worker claimed them; all as `job` if Redis has a
// permanent error.  A task that fails only on one worker fails as `cancelled`, to be sent again.
// Results of tasks that are not on the stream any more are dropped.
class QueueExecutor final : public Executor {
 public:
  // `resources` are those of the provider; they and `clock` outlive the executor.  Throws Thrown if
  // a thread cannot be started.
  QueueExecutor(QueueOptions options, Resources resources, const Clock& clock);
  // Deletes the keys of the run.
  ~QueueExecutor() override;

  void submit(std::shared_ptr<PendingTask> task) override;
  void cancel_queued() override;
  std::optional<WorkerCounts> workers() const override { return WorkerCounts{.ready = workers_}; }

 private:
  // Pause before the queue is used again after a loss.
  struct Rest {
    Time until;
    std::string why;
  };

  // Used by the posting thread:
  void post_all();
  std::vector<std::shared_ptr<PendingTask>> next_tasks() REQUIRES(mutex_);
  void post(const std::vector<std::shared_ptr<PendingTask>>& tasks);
  Status open();
  void look_after();
  Status check_run();
  Status check_workers();
  void withdraw(const Failure& failure);
  void lose(const Failure& failure);
  void refuse_all(const Failure& failure);
  void break_down(const Failure& failure);
  void stop();
  // Used by the collecting thread:
  void collect_all();
  void collect(const std::string& stream);
  void take_home(std::uint64_t id, std::string_view message, std::string_view worker, Redis& redis);
  void judge(std::string_view worker, TaskResult& task_result, Redis& redis);
  std::chrono::milliseconds sign_of_life() const;
  // Used by any thread:
  bool may_post() const REQUIRES(mutex_);
  // Used by both threads:
  std::shared_ptr<PendingTask> take_out(std::uint64_t id);
  void bring_home(std::uint64_t id, const Failure& failure);

  const QueueOptions options_;
  const Resources resources_;
  const Clock& clock_;

  Mutex mutex_;
  Condition wake_posting_;
  Condition wake_collecting_;
  std::deque<std::shared_ptr<PendingTask>> waiting_ GUARDED_BY(mutex_);
  std::unordered_map<std::uint64_t, std::shared_ptr<PendingTask>> out_
      GUARDED_BY(mutex_);  // posted
  bool withdraws_ GUARDED_BY(mutex_) = false;
  bool stops_ GUARDED_BY(mutex_) = false;
  std::optional<Failure> lost_ GUARDED_BY(mutex_);         // set if collecting failed
  std::optional<Failure> for_good_ GUARDED_BY(mutex_);     // set: nothing is posted any more
  std::optional<std::string> replies_ GUARDED_BY(mutex_);  // key of the stream of results
  std::string tasks_ GUARDED_BY(mutex_);                   // key of the stream of tasks
  bool has_heard_ GUARDED_BY(mutex_) = false;              // a worker of the run has responded

  // Used by the posting thread only:
  std::optional<QueueRun> run_;
  std::string lost_run_;  // id of a lost run whose keys may still exist
  bool was_lost_ = false;
  std::optional<Rest> rests_;
  Duration rest_{};        // the last pause
  std::string last_loss_;  // cause of the last loss, until the queue works again
  Time next_look_{};
  std::atomic<std::size_t> workers_ = 0;       // by the last look; read by any thread
  Time last_worker_{};                         // when a worker was last seen
  std::map<std::string, std::string> warned_;  // refused workers that were reported

  WorkerHealth health_;  // used by the collecting thread

  Thread poster_;
  Thread collector_;  // last member: destroyed first
};

}  // namespace repopipe
