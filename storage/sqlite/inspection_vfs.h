// Opens a database without opening any of its files for writing.  Used by Database::open for
// Access::inspect.
#pragma once

#include <filesystem>
#include <string>

namespace repopipe {

// Whether the write-ahead log of the database has content.  Without it, the file alone has all
// data.
bool has_log(const std::filesystem::path& database);

// An absolute path as a URI of SQLite (https://www.sqlite.org/uri.html), with these parameters.
std::string uri_of(const std::filesystem::path& path, const std::string& parameters);

// The name under which SQLite reads the database at an absolute path and writes nothing:
// - Without a log: `immutable=1`, so that SQLite creates neither -wal nor -shm, also in a folder
//   that cannot be written.  The caller must find out whether the file changed meanwhile.
// - With a log and its -shm file: both are opened for reading.  SQLite takes its read locks on
//   them, or, if no other program has opened the database, builds the index of the log in memory
//   (https://www.sqlite.org/wal.html, section 6).
// - With a log only, as after a copy: as usual, which creates the -shm file.
std::string name_for_inspection(const std::filesystem::path& path);

}  // namespace repopipe
