// When so many known users are gone after one run, a mistake is likelier than the truth: a token
// that sees less, an address that leads elsewhere.
#pragma once

#include <optional>
#include <string>

#include "pipeline/core/run.h"

namespace repopipe {

// Why none of the lost users should be marked as gone; nothing: they may be.  `most` is the share
// of the known users that may vanish; fewer than 20 always may.
std::optional<std::string> too_many_vanished(const RunTotals& totals, double most);

}  // namespace repopipe
