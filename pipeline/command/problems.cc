#include "pipeline/command/problems.h"

#include <fmt/format.h>

namespace repopipe {

ExitCode print_problems(const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) fmt::print(stderr, "{}\n", problem.show());
  return ExitCode::bad_job;
}

}  // namespace repopipe
