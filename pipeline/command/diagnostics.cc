#include "pipeline/command/diagnostics.h"

#include "pipeline/base/system.h"

namespace repopipe {

ExitCode print_diagnostics(const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) say(diagnostic.show() + "\n");
  return ExitCode::bad_job;
}

ExitCode print_diagnostics(const LoadedJob& loaded) {
  print_diagnostics(loaded.diagnostics);
  return policy_of(loaded.trouble).exit_code;
}

}  // namespace repopipe
