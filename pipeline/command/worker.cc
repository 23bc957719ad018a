#include <fmt/format.h>

#include "pipeline/command/commands.h"
#include "pipeline/command/streams.h"
#include "pipeline/workers/child.h"
#include "pipeline/workers/worker_process.h"

namespace repopipe {

ExitCode worker(const WorkerOptions& options, const Surroundings& around) {
  if (options.socket >= 0) {
    die_with_parent();
    // The run ends its workers by hanging up; a signal to the whole group is for the run alone.
    around.signals.start([](int) {});
    return work_for_run(options.socket, version(), around.clock);
  }
  say("repopipe: not yet\n");
  return ExitCode::usage;
}

}  // namespace repopipe
