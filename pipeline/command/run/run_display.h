// The display of a run, and the answer to SIGUSR1: connects the monitor with the run.
#pragma once

#include "pipeline/command/commands.h"
#include "pipeline/command/run/open_run.h"
#include "pipeline/command/run/run_job.h"
#include "pipeline/command/signals.h"
#include "pipeline/job/load.h"
#include "pipeline/report/monitor.h"
#include "pipeline/run/run_graph.h"

namespace repopipe {

// `executor` outlives the monitor.
MonitorOptions monitor_options(const LoadedJob& loaded, const OpenRun& run, const RunView& view,
                               const Executor& executor, const ProcessContext& around);

// The monitor asks the graph while the graph exists, and SIGUSR1 asks the monitor.
class Watched {
 public:
  Watched(Monitor& monitor, RunGraph& graph, SignalWatch& signals)
      : monitor_(monitor), signals_(signals) {
    monitor_.attach([&graph] { graph.ask_progress(); });
    signals_.on_question([&monitor] { monitor.say_progress(); });
  }
  ~Watched() {
    signals_.on_question({});
    monitor_.detach();
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

 private:
  Monitor& monitor_;
  SignalWatch& signals_;
};

}  // namespace repopipe
