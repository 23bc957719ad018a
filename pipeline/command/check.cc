#include <fmt/format.h>

#include "pipeline/command/commands.h"
#include "pipeline/command/problems.h"
#include "pipeline/command/streams.h"
#include "pipeline/core/units.h"
#include "pipeline/job/load.h"

namespace repopipe {

ExitCode check(const CheckOptions& options, const Surroundings& around) {
  const LoadedJob loaded = load_job(options.job, options.overrides, around.environment);
  if (!loaded.problems.empty()) return print_problems(loaded.problems);
  say(fmt::format("{}: good, names {} {}\n", options.job.string(), show(loaded.users.count),
                  loaded.users.count == 1 ? "user" : "users"));
  return ExitCode::complete;
}

}  // namespace repopipe
