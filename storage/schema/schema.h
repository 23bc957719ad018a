// Opens the database of a job: creates it, brings its schema up to date, and refuses what is not
// ours.  A failure here is one line that names the file, of kind `output` with the remedy, or of
// kind `disk` or `machine_limit`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "pipeline/base/failure.h"
#include "pipeline/model/resource.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// "RPP1", as `file` and PRAGMA application_id show it.
constexpr std::int64_t kApplicationId = 0x52505031;

// PRAGMA user_version of a database that this program has opened for writing.
std::int64_t schema_version();

// Whether a database can be at this path: its folder is there, nothing else has its name, and the
// file has no second name (hard link).  What opens a database, here and below, asks this first.
// Looks only.  A failure is of kind `output`.
Status check_place(const std::filesystem::path& path);

// For writing.  A new file can be read by its owner only; so can its -wal and -shm files, which
// SQLite gives the same mode.  Brings an older schema up to date in one transaction, adds tables
// and columns that it lacks, and renews the views.  Statements wait up to 5 min for
// another program's lock; `told` gets a line about a wait of more than a moment.
Result<Database> open_database(const std::filesystem::path& path, Resources resources,
                               const std::function<void(const std::string&)>& told = {});

// Whose data it is.
struct Api {
  std::string provider;  // `provider.kind`; empty: unknown
  std::string host;      // name only, in lower case

  friend bool operator==(const Api&, const Api&) = default;
};

// The API of the newest run that tells.
Result<std::optional<Api>> known_api(Database& database);

// For reading only, also while another connection writes: each statement sees the last commit.
Result<Database> open_reader(const std::filesystem::path& path);

}  // namespace repopipe
