// The requests of the last while, whichever run of the database sent them.
#pragma once

#include <cstddef>
#include <vector>

#include "pipeline/base/units.h"
#include "storage/sqlite/database.h"

namespace repopipe {

struct RecentRequest {
  Duration age;  // since its answer
  Duration response;
};

// Those that were answered within `span` before `now`, oldest first; looks only at the newest
// `most`.  What never reached the API is left out.
Result<std::vector<RecentRequest>> recent_requests(Database& database, WallTime now, Duration span,
                                                   std::size_t most);

}  // namespace repopipe
