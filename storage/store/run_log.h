// What a run did for each user: `run_users` and `requests`.
#pragma once

#include <cstdint>
#include <string_view>

#include "pipeline/model/listing.h"
#include "storage/sqlite/database.h"
#include "storage/store/listing_writer.h"

namespace repopipe {

// Threading: that of the Database, inside the caller's transaction.
class RunLog {
 public:
  RunLog(Preparation& prepare, std::int64_t run_id);

  // The user is settled, with the outcome in `applied`.  One that the job names twice, or whose
  // list is read a second time, stays one row with sums: of the former with the last outcome, of
  // the latter with the first.
  Status settled(const Listing& listing, const Applied& applied, Duration queued, Duration store,
                 std::string_view now);

  Status request_logs(const Listing& listing);

 private:
  std::int64_t run_id_;
  Statement settled_;
  Statement again_;
  Statement exchange_;
};

}  // namespace repopipe
