// The tables `missing_repos` and the like: what a list of this run lacked.  RunTable::finish marks
// as gone what is still in it then and confirmed.
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
// What became of the records that one listing lacks.
enum class Missing {
  settled,      // confirmed; or there are none
  unconfirmed,  // the list has several pages, between which records can move: read it again
  new_ones,     // the second reading lacks others than the first did: nothing is known of these
};

// Threading: that of the Database, inside the caller's transaction.
class MissingRecords {
 public:
  MissingRecords(Preparation& prepare, std::int64_t run_id, const ResourceColumns& columns);

  // Whether the next listing of this login is its second reading, in whichever part of the run.
  Result<bool> has_unconfirmed(std::string_view login);

  // `missing`: by id, what a complete listing lacks.  Confirmed if the listing is one page, or if
  // an earlier listing of the login in this run lacked it too; what that one lacked and this one
  // has is missing no more.
  Result<Missing> record(const Listing& listing, const std::vector<std::int64_t>& missing,
                         std::string_view now);

  // A second reading found every page as the first one had it.
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
  std::optional<bool> has_any_;        // rows of this run; most runs have none for long
  std::vector<Candidate> candidates_;  // of the login at hand, by id
};

// The end of a run: which of its candidates have vanished, and what is written of these.

enum class Gone { mark, leave };

// What becomes of the accounts and records that are missing.
struct Marks {
  Gone accounts = Gone::mark;
  Gone records = Gone::mark;
};

// Sets `known`, `vanished`, `known_repos` and `missing_repos` of `totals`, whose other numbers are
// those of the run.
Status count_vanished(Database& database, const std::vector<ResourceColumns>& resources,
                      std::int64_t run_id, RunTotals& totals);

// Inside the caller's transaction, once no user of the run is left: marks what has vanished, and
// forgets the candidates.  Lists that lack something which is not marked are read anew next time.
Status conclude_vanished(Database& database, const std::vector<ResourceColumns>& resources,
                         std::int64_t run_id, Marks marks);

// Forgets the candidates of the unfinished runs of a job's shard: the next run reads all its users.
Status forget_candidates_of_unfinished(Database& database,
                                       const std::vector<ResourceColumns>& resources,
                                       std::string_view job,
                                       const std::optional<std::string>& shard);

}  // namespace repopipe
