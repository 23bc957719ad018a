// The tables of missing records, such as `missing_repos`: known records that a list of this run
// lacked.  RunTable::finish marks the confirmed ones as gone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/run.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// The state of the records that one listing lacks.
enum class Missing {
  settled,      // confirmed, or there are none
  unconfirmed,  // records may have moved between the pages of the list: read it again
  new_ones,     // the second reading lacks other records than the first: these are undecided
};

// Threading: that of the Database, inside the caller's transaction.
class MissingRecords {
 public:
  MissingRecords(Preparation& prepare, std::int64_t run_id, const ResourceColumns& columns);

  // Whether the next listing of this login is its second reading in this run, in any part of it.
  Result<bool> has_unconfirmed(std::string_view login);

  // `missing`: the records that a complete listing lacks, by id.  A record is confirmed if the
  // listing has one page, or if an earlier listing of the login in this run lacked it too.  A
  // record that the earlier listing lacked and this one has is no longer missing.
  Result<Missing> record(const Listing& listing, const std::vector<std::int64_t>& missing,
                         std::string_view now);

  // In the second reading, no page had changed.
  Status confirm(std::string_view login);

 private:
  struct Candidate {
    std::int64_t record;
    bool confirmed;
  };

  Result<bool> has_any();
  Status load(std::string_view login);
  Status compare(const Listing& listing, const std::vector<std::int64_t>& missing);
  Status add(std::int64_t record, std::string_view login, std::string_view now, bool confirmed);

  std::int64_t run_id_;
  Statement any_;
  Statement of_login_;
  Statement add_;
  Statement confirm_;
  Statement confirm_all_;
  Statement drop_;
  std::optional<bool> has_any_;        // whether this run has rows; most runs have none
  std::vector<Candidate> candidates_;  // of the current login, by id
};

enum class Gone { mark, leave };

// Whether the end of a run marks the missing accounts and records as gone.
struct Marks {
  Gone accounts = Gone::mark;
  Gone records = Gone::mark;
};

// Sets `known`, `vanished`, `known_repos` and `missing_repos` of `totals`.  Its other numbers must
// already be those of the run.
Status count_vanished(Database& database, const std::vector<ResourceColumns>& resources,
                      std::int64_t run_id, RunTotals& totals);

// Marks vanished accounts and records, and deletes the candidates.  Runs inside the caller's
// transaction, after the last user of the run.  The next run reads a list in full if it lacks a
// record that is not marked.
Status conclude_vanished(Database& database, const std::vector<ResourceColumns>& resources,
                         std::int64_t run_id, Marks marks);

// Deletes the candidates of the unfinished runs of a job's shard: the next run reads all its users.
Status forget_candidates_of_unfinished(Database& database,
                                       const std::vector<ResourceColumns>& resources,
                                       std::string_view job,
                                       const std::optional<std::string>& shard);

}  // namespace repopipe
