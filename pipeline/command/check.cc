#include <fmt/format.h>

#include "pipeline/base/streams.h"
#include "pipeline/base/units.h"
#include "pipeline/command/commands.h"
#include "pipeline/command/online_check.h"
#include "pipeline/command/preflight.h"
#include "pipeline/command/problems.h"
#include "pipeline/job/load.h"

namespace repopipe {

ExitCode check(const CheckOptions& options, const Surroundings& around) {
  const LoadedJob loaded = load_job(options.job, options.overrides, around.environment);
  if (!loaded.problems.empty()) return print_problems(loaded);
  const auto problems = check_surroundings(loaded, around.environment);
  if (!problems.empty()) return print_problems(problems);
  say(fmt::format("{}: good, names {} {}\n", options.job.string(), show(loaded.users.count),
                  loaded.users.count == 1 ? "user" : "users"));
  return options.online ? check_online(loaded, around) : ExitCode::complete;
}

}  // namespace repopipe
