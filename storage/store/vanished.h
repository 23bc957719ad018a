// The end of a run: which of its candidates have vanished, and what is written of these.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/model/run.h"
#include "storage/sqlite/database.h"

namespace repopipe {

enum class Gone { mark, leave };

// What becomes of the accounts and repositories that are missing.
struct Marks {
  Gone accounts = Gone::mark;
  Gone repos = Gone::mark;
};

// Sets `known`, `vanished`, `known_repos` and `missing_repos` of `totals`, whose other numbers are
// those of the run.
Status count_vanished(Database& database, std::int64_t run_id, RunTotals& totals);

// Inside the caller's transaction, once no user of the run is left: marks what has vanished, and
// forgets the candidates.  Lists that lack something which is not marked are read anew next time.
Status conclude_vanished(Database& database, std::int64_t run_id, Marks marks);

// Forgets the candidates of the unfinished runs of a job's shard: the next run reads all its users.
Status forget_candidates_of_unfinished(Database& database, std::string_view job,
                                       const std::optional<std::string>& shard);

}  // namespace repopipe
