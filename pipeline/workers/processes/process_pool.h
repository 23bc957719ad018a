// Executor for `execution.processes`, and the main function of its workers: processes on this
// machine.  A worker that crashes, does not respond, grows too large or sends an invalid message is
// replaced.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/resource.h"
#include "pipeline/model/work_settings.h"

namespace repopipe {
struct PoolInbox;

// Tasks of a lost worker fail as `worker_crashed`, or as `worker_lost` if it was ended from
// outside; the planner decides about a retry.  A task that was lost in two crashes gets a worker of
// its own, so that a third crash must be its fault.  If no worker can be started, unfinished tasks
// fail as `worker_lost` and all later ones as `internal`, or as `machine_limit` if that is the
// cause.  The constructor throws Thrown if its thread cannot be started.
class ProcessPool final : public Executor {
 public:
  // `resources` are those of the provider, or none if records stay encoded; they and `clock`
  // outlive the pool.
  ProcessPool(PoolOptions options, Resources resources, const Clock& clock);
  // Ends the workers.
  ~ProcessPool() override;

  void submit(std::shared_ptr<PendingTask> task) override;
  void cancel_queued() override;
  std::optional<WorkerCounts> workers() const override;

 private:
  void ring();
  void break_down(const Failure& failure);

  const std::size_t wanted_;
  std::unique_ptr<PoolInbox> inbox_;
  Thread thread_;  // last member: destroyed first
};

// The main function of a worker process: reads tasks from its socket, fetches and parses, and sends
// results until the run closes the socket.  `socket`: the connection to the run.  Ends the process
// at once when the run closes it.  Returns only if a message or the settings are invalid.
ExitCode work_for_run(int socket, std::string_view version, const Clock& clock);

}  // namespace repopipe
