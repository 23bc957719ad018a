#include <fmt/format.h>

#include "pipeline/base/system.h"
#include "pipeline/base/units.h"
#include "pipeline/command/commands.h"
#include "pipeline/command/diagnostics.h"
#include "pipeline/command/online_check.h"
#include "pipeline/command/preflight.h"
#include "pipeline/job/load.h"

namespace repopipe {

ExitCode check(const CheckOptions& options, const ProcessContext& around) {
  const LoadedJob loaded = load_job(options.job, options.overrides, around.environment);
  if (!loaded.diagnostics.empty()) return print_diagnostics(loaded);
  const auto diagnostics = check_surroundings(loaded, around.environment);
  if (!diagnostics.empty()) return print_diagnostics(diagnostics);
  say(fmt::format("{}: good, names {} {}\n", options.job.string(), show(loaded.users.count),
                  loaded.users.count == 1 ? "user" : "users"));
  return options.online ? check_online(loaded, around) : ExitCode::complete;
}

}  // namespace repopipe
