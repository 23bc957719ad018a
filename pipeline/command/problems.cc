#include "pipeline/command/problems.h"

#include "pipeline/base/streams.h"

namespace repopipe {

ExitCode print_problems(const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) say(problem.show() + "\n");
  return ExitCode::bad_job;
}

ExitCode print_problems(const LoadedJob& loaded) {
  print_problems(loaded.problems);
  return policy_of(loaded.trouble).exit_code;
}

}  // namespace repopipe
