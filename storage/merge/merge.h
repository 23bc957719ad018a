// Merges databases, such as those of the shards of a job, into one: `repopipe merge`.  The result
// does not depend on their order: see docs/database.md, "Merged databases".
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "pipeline/base/failure.h"
#include "storage/schema/resource_columns.h"
#include "storage/schema/schema.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// What a merge took from one database.
struct Merged {
  std::uint64_t runs = 0;   // new or newer
  std::uint64_t users = 0;  // accounts, new or newer; likewise the repositories
  std::uint64_t repositories = 0;
  std::uint64_t new_repositories = 0;  // of these, those that were not known

  friend bool operator==(const Merged&, const Merged&) = default;
};

// Fails with kind `usage` if a file of `from` is the same as `into` or as another one, also under
// another name.  Ignores a missing file; Merge reports it.
Status tell_apart(const std::filesystem::path& into, std::span<const std::filesystem::path> from);

// Fails with kind `output`, and with the reason, if the file cannot be merged.
Status check_mergeable(const std::filesystem::path& from);

// The API of the data in the files; nothing if it is unknown for all of them.  Fails with kind
// `job` if they have data of different APIs.  `into` may be missing.
Result<std::optional<Api>> same_api(const std::filesystem::path& into,
                                    std::span<const std::filesystem::path> from);

// Threading: that of the Database, which outlives this.
class Merge {
 public:
  // `into` is from open_database with the same `resources`, which outlive this.  The caller holds
  // the RunLock of `into`.
  Merge(Database& into, Resources resources) : into_(into), resources_(columns_of(resources)) {}

  // Reserves ids for the runs of all files, in the order in which they began.  Call it once, before
  // `fold`.
  Status number_runs(std::span<const std::filesystem::path> from);

  // Merges one state of `from` into `into`, in one transaction: a failure leaves `into` unchanged.
  // Only reads `from`, which a run may write at the same time.
  Result<Merged> fold(const std::filesystem::path& from);

 private:
  Database& into_;
  std::vector<ResourceColumns> resources_;
};

}  // namespace repopipe
