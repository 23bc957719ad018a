// The state of a job's database as text or JSON: `repopipe status`.
#pragma once

#include <span>
#include <string>

#include "pipeline/base/units.h"
#include "storage/query/status.h"

namespace repopipe {

// Lines of at most 80 columns, but for a longer path.  Local time.
std::string to_text(std::span<const DatabaseStatus> all, WallTime now);

// An array with an object for each database, in one line.  Times are UTC.  docs/status.md documents
// every member.
std::string to_json(std::span<const DatabaseStatus> all);

// Why the last complete run is too old: "nightly: the last complete run ended 25 Nov 03:02, 2 days
// ago; --max-age allows 26 h".  Empty: it is not.
std::string complaint_about_age(const DatabaseStatus& status, std::chrono::milliseconds max_age,
                                WallTime now);

}  // namespace repopipe
