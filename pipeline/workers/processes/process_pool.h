// Worker processes on this machine (`execution.processes`): tasks go to the one with the least to
// do, and one that dies, hangs, grows too large or sends an invalid message is replaced.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/resource.h"
#include "pipeline/model/work_settings.h"

namespace repopipe {
struct PoolInbox;

// Tasks of a worker that is gone fail as `worker_crashed`, or as `worker_lost` if somebody
// else ended it; whether they go out again is the planner's to decide.  A task that has seen two
// workers crash gets one of its own, so that a third crash is its doing.  If workers cannot be
// started at all, tasks in hand fail as `worker_lost`, and all others as `internal`, or as
// `machine_limit` where that is why.  The constructor throws Thrown where the loop's thread cannot
// be started.
class ProcessPool final : public Executor {
 public:
  // `fields` are those of the provider, or none where records stay unread; they and `clock` outlive
  // the pool.
  ProcessPool(PoolOptions options, Fields fields, const Clock& clock);
  // Ends the workers.
  ~ProcessPool() override;

  void submit(std::shared_ptr<PendingTask> task) override;
  void cancel_queued() override;

 private:
  void ring();
  void break_down(const Failure& failure);

  std::unique_ptr<PoolInbox> inbox_;
  Thread thread_;  // last
};

}  // namespace repopipe
