// Which way to use here, and why: one sentence that follows from the measures alone.
#pragma once

#include <string>

#include "pipeline/compare/trial.h"

namespace repopipe {

// The fastest way, but of those within 5 % of it the simplest, with the smallest concurrency.
// Says so when the runs are too short to tell.  `compared` has one measure at least.
std::string recommendation(const Compared& compared);

}  // namespace repopipe
