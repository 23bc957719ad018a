// WorkerExit: why a worker was lost, and whether its tasks may be the cause.  RestartPolicy:
// whether to start another.
#pragma once

#include <string>

#include "pipeline/base/failure.h"
#include "pipeline/base/subprocess.h"
#include "pipeline/base/units.h"

namespace repopipe {
struct WorkerExit {
  FailureKind kind = FailureKind::worker_crashed;  // or worker_lost
  std::string words{};                             // "crashed (Aborted)"
  // The failure of a run that has no other worker: `internal` or `machine_limit`.
  FailureKind cause = FailureKind::internal;

  friend bool operator==(const WorkerExit&, const WorkerExit&) = default;
};

WorkerExit loss_of(const SubprocessEnd& end);

// Decides whether to replace a lost worker.  PoolLoop reports every start and loss.  A program that
// cannot work must end the run instead of being restarted forever.

// Threading: one thread at a time.
class RestartPolicy {
 public:
  explicit RestartPolicy(int workers) : workers_(workers) {}

  // A worker reported that it is ready.
  void got_ready() { failed_starts_ = 0; }
  // A worker completed a task.
  void settled() { fruitless_ = 0; }
  // A worker could not be started, or ended before it was ready.
  void failed_to_start(FailureKind kind, Time now);
  // A worker that had been ready was lost.
  void lost();

  // Whether starting more workers is useless.  `others`: some workers are ready; then the pool
  // continues with them.
  bool is_pointless(bool others) const;
  // When to start the next one.
  Time next_start(bool others) const { return others ? pause_until_ : Time::min(); }

 private:
  int workers_;
  int failed_starts_ = 0;  // in a row, without an outside cause
  int fruitless_ = 0;      // losses in a row without a completed task
  Time pause_until_ = Time::min();
};

}  // namespace repopipe
