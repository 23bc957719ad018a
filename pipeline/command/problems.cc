#include "pipeline/command/problems.h"

#include "pipeline/base/streams.h"

namespace repopipe {

ExitCode print_problems(const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) say(problem.show() + "\n");
  return ExitCode::bad_job;
}

}  // namespace repopipe
