// Carries out one trial: a run of the job in one way, measured from outside.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"
#include "pipeline/compare/cancel_token.h"
#include "pipeline/compare/measure.h"

namespace repopipe {

// What all runs of a comparison have in common.
struct Workplace {
  std::filesystem::path job;
  std::vector<std::string> overrides;  // of `--set`, before those of the way
  std::filesystem::path words;         // a file that gets what each run says, in its turn
  std::vector<std::string> worker{};   // arguments of a worker of the queue
  int workers = 0;                     // that are started for the way `queue`
};

// `overrides` as YAML would read a text: in quotes, whatever is in it.
std::string set_text(std::string_view path, std::string_view value);

// Runs to the end and leaves `database` behind.  A run that fails is a failure of the kind that its
// exit code tells; one that is interrupted is `cancelled`, and nothing of it runs on.
Result<Measure> run_trial(const Trial& trial, const Workplace& workplace,
                          const std::filesystem::path& database, const Clock& clock,
                          const CancelToken& cancel_token);

}  // namespace repopipe
