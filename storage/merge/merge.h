// Folds databases, such as those of the shards of a job, into one: `repopipe merge`.  What it makes
// of them depends on what they hold and not on their order: docs/database.md, "Merged databases".
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

// What one database brought.
struct Merged {
  std::uint64_t runs = 0;   // new, or further than they were
  std::uint64_t users = 0;  // accounts, likewise; so are the repositories
  std::uint64_t repositories = 0;
  std::uint64_t new_repositories = 0;  // of these, those that were not known

  friend bool operator==(const Merged&, const Merged&) = default;
};

// Nothing if the files are there and neither the same as `into` nor each other, under whatever
// names; else a failure of kind `usage`.  A file that is missing is left to Merge.
Status tell_apart(const std::filesystem::path& into, std::span<const std::filesystem::path> from);

// A failure of kind `output` that says what is wrong with it, unless it can be merged from.
Status check_mergeable(const std::filesystem::path& from);

// What the files hold; nothing: none tells.  A failure of kind `job` unless all that tell hold what
// one API told.  `into` may be missing.
Result<std::optional<Api>> same_api(const std::filesystem::path& into,
                                    std::span<const std::filesystem::path> from);

// Threading: that of the Database, which must outlive it.
class Merge {
 public:
  // `into` is one of open_database with these resources, which outlive it, and no run writes it
  // meanwhile (RunLock).
  Merge(Database& into, Resources resources) : into_(into), resources_(columns_of(resources)) {}

  // Reserves numbers for the runs of all files in the order in which they began.  To be called
  // once, before `fold`.
  Status number_runs(std::span<const std::filesystem::path> from);

  // Takes over what `from` knows and `into` does not, as of one moment, in one transaction: after a
  // failure nothing of it is there.  `from` is only read, also while a run writes it.
  Result<Merged> fold(const std::filesystem::path& from);

 private:
  Status use_folder_for_temporaries();

  Database& into_;
  std::vector<ResourceColumns> resources_;
};

}  // namespace repopipe
