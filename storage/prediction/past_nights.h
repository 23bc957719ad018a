// What the last finished runs of a job cost, and what the API last told about its tokens.  Used to
// predict a run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "storage/query/run_records.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// Of the users that were listed.
struct ListedPages {
  std::uint64_t pages = 0;
  std::uint64_t requests = 0;   // with retries and second readings
  std::uint64_t known = 0;      // pages of accounts that were known before
  std::uint64_t unchanged = 0;  // pages of users without a change
};

struct PastNight {
  RunRecord run{};
  bool has_users = false;         // its rows of users are there: the next three are known
  ListedPages single{};           // users with one page
  ListedPages several{};          // users with more
  std::uint64_t other_pages = 0;  // of users with another outcome, such as `renamed`
  double not_modified_ms = 0;     // mean response time of 304; 0: there was none
  double other_ms = 0;            // the same of all others
  double fetch_busy_ms = 0;       // sum of response times
  double store_busy_ms = 0;
  double retry_ms = 0;  // waits for retries
};

// Newest first, `most` of them.  Those of the shard, unless it has none.  `shard`: empty for the
// whole job.
Result<std::vector<PastNight>> past_nights(Database& database, std::string_view job,
                                           std::string_view shard, std::size_t most);

// The newest of each token.
struct TokenReading {
  std::string token{};
  std::int64_t run_id = 0;
  std::uint64_t limit = 0;
  std::uint64_t remaining = 0;
  std::int64_t resets_at = 0;  // in seconds since 1970
};
Result<std::vector<TokenReading>> token_readings(Database& database);

}  // namespace repopipe
