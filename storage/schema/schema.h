// Opens the database of a job: creates it, updates its schema, and refuses files of other programs.
// A failure is one line that names the file: of kind `output`, with a remedy, or of kind `disk` or
// `machine_limit`.
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

// "RPP1": the value of PRAGMA application_id, shown by file(1).
constexpr std::int64_t kApplicationId = 0x52505031;

// PRAGMA user_version of a database that this program has opened for writing.
std::int64_t schema_version();

// Whether a database can be at this path: its folder exists, the path is not something else, and
// the file has no second name (hard link).  All functions that open a database call it first.  Only
// reads.  A failure is of kind `output`.
Status check_place(const std::filesystem::path& path);

// Opens a database for writing.  Only the owner can read a new file and its -wal and -shm files,
// which SQLite creates with the same mode.  Updates an older schema, see migrate.  Statements wait
// up to 5 min for the lock of another program; `told` gets a line about each long wait.
// `users`: of the job; a new file gets its page size by that.
Result<Database> open_database(const std::filesystem::path& path, Resources resources,
                               const std::function<void(const std::string&)>& told = {},
                               std::uint64_t users = 0);

// Pragmas of a new file for so many users.
std::string page_settings(std::uint64_t users);

// Runs the missing steps, adds missing tables and columns of resources, and replaces views whose
// definition differs; all in one transaction.  Writes nothing if nothing is missing.
Status migrate(Database& database, Resources resources);

// The API that the data of a database comes from.
struct Api {
  std::string provider;  // `provider.kind`; empty: unknown
  std::string host;      // name only, in lower case

  friend bool operator==(const Api&, const Api&) = default;
};

// The API of the newest run that has one.
Result<std::optional<Api>> known_api(Database& database);

// Opens a database for reading, also while another connection writes: each statement sees the last
// commit.  `access` is not read_write.
Result<Database> open_reader(const std::filesystem::path& path, Access access = Access::read_only);

}  // namespace repopipe
