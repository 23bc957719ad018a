// The way to the workers of a queue (`execution.queue`): tasks go onto a Redis stream, and
// `repopipe worker` on any machine takes them, fetches, parses and sends task results back.
#pragma once

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
  std::size_t most_out = 8;  // tasks with workers at a time, all workers together
  // So long there may be nobody to take a task.
  Duration response_timeout = std::chrono::seconds(10);
  // Takes a line about each worker that is refused or cannot reach the API, and about a queue that
  // is lost or reconnected.  Runs on a thread of its own.
  std::function<void(const std::string&)> warn = [](const std::string&) {};
};

// Tasks of a worker whose lease ran out, and of a Redis that was lost or emptied, come home as
// `worker_lost`; as `queue` those that could not be put on the stream, or that nobody took; as
// `job` all of them if Redis objects to something that does not pass.  What a worker fails at that
// others do fails as `cancelled`, to be sent again.  What comes home for a task that is not
// out any more is dropped.
class QueueExecutor final : public Executor {
 public:
  // `fields` are those of the provider; they and `clock` outlive the executor.  Throws Thrown where
  // a thread cannot be started.
  QueueExecutor(QueueOptions options, Fields fields, const Clock& clock);
  // Removes the run from Redis.
  ~QueueExecutor() override;

  void submit(std::shared_ptr<PendingTask> task) override;
  void cancel_queued() override;

 private:
  // A queue that could not be used is not asked for a while.
  struct Rest {
    Time until;
    std::string why;
  };

  // Of the thread that posts:
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
  // Of the thread that collects:
  void collect_all();
  void collect(const std::string& stream);
  void take_home(std::uint64_t id, std::string_view message, std::string_view worker, Redis& redis);
  void judge(std::string_view worker, TaskResult& task_result, Redis& redis);
  std::chrono::milliseconds sign_of_life() const;
  // Of any:
  bool may_post() const REQUIRES(mutex_);
  // Of both:
  std::shared_ptr<PendingTask> take_out(std::uint64_t id);
  void bring_home(std::uint64_t id, const Failure& failure);

  const QueueOptions options_;
  const Fields fields_;
  const Clock& clock_;

  Mutex mutex_;
  Condition wake_posting_;
  Condition wake_collecting_;
  std::deque<std::shared_ptr<PendingTask>> waiting_ GUARDED_BY(mutex_);
  std::unordered_map<std::uint64_t, std::shared_ptr<PendingTask>> out_
      GUARDED_BY(mutex_);  // with workers
  bool withdraws_ GUARDED_BY(mutex_) = false;
  bool stops_ GUARDED_BY(mutex_) = false;
  std::optional<Failure> lost_ GUARDED_BY(mutex_);         // when collecting failed
  std::optional<Failure> for_good_ GUARDED_BY(mutex_);     // nothing is posted any more
  std::optional<std::string> replies_ GUARDED_BY(mutex_);  // the stream of the run
  std::string tasks_ GUARDED_BY(mutex_);                   // the other one
  bool has_heard_ GUARDED_BY(mutex_) = false;              // from a worker of the run

  // Of the thread that posts alone:
  std::optional<QueueRun> run_;
  std::string lost_run_;  // its id, if its keys may still be there
  bool was_lost_ = false;
  std::optional<Rest> rests_;
  Duration rest_{};        // the last one
  std::string last_loss_;  // why the queue was lost, if nothing has come of it since
  Time next_look_{};
  Time last_worker_{};                         // when one was last seen
  std::map<std::string, std::string> warned_;  // of refused workers

  WorkerHealth health_;  // of the thread that collects

  Thread poster_;
  Thread collector_;  // last
};

}  // namespace repopipe
