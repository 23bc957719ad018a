#include "pipeline/command/run/run_display.h"

#include <chrono>
#include <string>

#include "pipeline/base/text.h"
#include "pipeline/workers/executors.h"

namespace repopipe {
namespace {

bool is_utf8(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = fold_case(environment.variable(name).value_or(""));
    if (!value.empty())
      return value.find("utf-8") != value.npos || value.find("utf8") != value.npos;
  }
  return false;
}

}  // namespace

MonitorOptions monitor_options(const LoadedJob& loaded, const OpenRun& run, const RunView& view,
                               const Executor& executor, const ProcessContext& around) {
  using std::chrono::milliseconds;
  const Job& job = loaded.job;
  const auto passed = std::chrono::duration_cast<milliseconds>(around.clock.now() - around.start);
  RunOutputs& outputs = view.outputs;
  return {.job = job.name,
          .total = loaded.users.count,
          .users_before = run.before.users(),
          .concurrency = static_cast<std::size_t>(work_settings(job).concurrency),
          .deadline = around.clock.wall() - passed + job.run.deadline,
          .workers = [&executor] { return executor.workers(); },
          .draws = view.progress == ProgressShown::yes,
          .has_colour = around.environment.variable("NO_COLOR").value_or("").empty(),
          .is_utf8 = is_utf8(around.environment),
          .minute = [&outputs](const Progress& progress) { outputs.progress(progress); },
          .continued = [&outputs] { outputs.continued(); }};
}

}  // namespace repopipe
