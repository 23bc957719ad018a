// Recommends a way, from the measures alone.
#pragma once

#include <string>

#include "pipeline/compare/trial.h"

namespace repopipe {

// The fastest way; among those within 5 % of it the simplest, with the smallest concurrency. Says
// so if the runs are too short.  `compared` has at least one measure.
std::string recommendation(const Compared& compared);

}  // namespace repopipe
