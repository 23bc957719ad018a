// What a run says while it goes on, on stderr: that it waits and why, and what somebody should
// know.
#pragma once

#include <optional>
#include <string>

#include "pipeline/base/units.h"
#include "pipeline/model/run.h"

namespace repopipe {

enum class Verbosity { all, warnings };

// One line: "repopipe: waiting: ...; goes on at 2026-11-22T03:41:07Z, in 38 min".  Empty when there
// is nothing to say.
std::string words_of(const Notice& say, std::optional<WallTime> goes_on, WallTime now,
                     Verbosity verbosity);

}  // namespace repopipe
