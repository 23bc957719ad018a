// Why a worker is given up, and who is to blame: what it does by itself may be the doing of its
// tasks, what somebody does to it is not.
#pragma once

#include <string>

#include "pipeline/base/failure.h"
#include "pipeline/base/subprocess.h"
#include "pipeline/base/units.h"

namespace repopipe {
struct WorkerExit {
  FailureKind kind = FailureKind::worker_crashed;  // or worker_lost
  std::string words{};                             // "crashed (Aborted)"
  // What a run fails as that has no other worker: `internal`, or `machine_limit`.
  FailureKind cause = FailureKind::internal;

  friend bool operator==(const WorkerExit&, const WorkerExit&) = default;
};

WorkerExit loss_of(const SubprocessEnd& end);

// Whether a lost worker is worth another one.  Used by PoolLoop, which tells it of every start and
// loss: a program that cannot work must end the run, and not be started for ever.

// Threading: one thread at a time.
class RestartPolicy {
 public:
  explicit RestartPolicy(int workers) : workers_(workers) {}

  // Some worker has said that it is ready.
  void got_ready() { failed_starts_ = 0; }
  // Some worker has settled something.
  void settled() { fruitless_ = 0; }
  // A worker could not be started, or ended before it was ready.
  void failed_to_start(FailureKind kind, Time now);
  // A worker was lost that had been ready.
  void lost();

  // There is no point in starting more.  `others`: workers that are ready; they go on alone rather
  // than be given up for one that does not start.
  bool is_pointless(bool others) const;
  // When to start the next one.
  Time next_start(bool others) const { return others ? pause_until_ : Time::min(); }

 private:
  int workers_;
  int failed_starts_ = 0;  // in a row, that nobody outside is to blame for
  int fruitless_ = 0;      // losses in a row with nothing settled between them
  Time pause_until_ = Time::min();
};

}  // namespace repopipe
