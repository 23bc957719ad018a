// The log of a run: `run_users`, `run_listings` and `requests`.
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
  Duration age;  // since its response
  Duration response;
};

// The requests of all runs that were answered within `span` before `now`, oldest first, of the
// newest `most` requests.  Without those that did not reach the API.
Result<std::vector<RecentRequest>> recent_requests(Database& database, WallTime now, Duration span,
                                                   std::size_t most);

// Threading: that of the Database, inside the caller's transaction.
class RunLog {
 public:
  RunLog(Preparation& prepare, std::int64_t run_id, const std::vector<ResourceColumns>& resources);

  // Writes the row of a listing that is done, with the outcome in `applied`.  A subject that the
  // job names twice has one row with sums and the last outcome.  A list that is read a second time
  // has one row with sums and the first outcome.
  Status settled(const Listing& listing, const Applied& applied, Duration queued, Duration store,
                 std::string_view now);

  Status request_logs(const Listing& listing);

 private:
  // The statements for the listings of a resource.
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
