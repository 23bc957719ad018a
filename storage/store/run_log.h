// The requests of the last while, whichever run of the database sent them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/listing.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"
#include "storage/store/listing_writer.h"

namespace repopipe {
struct RecentRequest {
  Duration age;  // since its answer
  Duration response;
};

// Those that were answered within `span` before `now`, oldest first; looks only at the newest
// `most`.  What never reached the API is left out.
Result<std::vector<RecentRequest>> recent_requests(Database& database, WallTime now, Duration span,
                                                   std::size_t most);

// What a run did for each user: `run_users`, `run_listings` and `requests`.

// Threading: that of the Database, inside the caller's transaction.
class RunLog {
 public:
  RunLog(Preparation& prepare, std::int64_t run_id, const std::vector<ResourceColumns>& resources);

  // The user is settled, with the outcome in `applied`.  One that the job names twice, or whose
  // list is read a second time, stays one row with sums: of the former with the last outcome, of
  // the latter with the first.
  Status settled(const Listing& listing, const Applied& applied, Duration queued, Duration store,
                 std::string_view now);

  Status request_logs(const Listing& listing);

 private:
  // Where the listings of a resource are logged.
  struct Log {
    int resource;
    bool is_stay;
    Statement settled;
    Statement again;
  };

  std::int64_t run_id_;
  std::vector<Log> logs_;
  Statement exchange_;
};

}  // namespace repopipe
