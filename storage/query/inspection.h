// Checks the file of a database before a run opens it.  Used by `repopipe check`.
#pragma once

#include <filesystem>

#include "pipeline/base/failure.h"

namespace repopipe {

// Whether a run could open or create the database.  Only reads; creates no -wal or -shm file.  A
// failure is of kind `output` and begins with the path.
Status inspect_database(const std::filesystem::path& path);

}  // namespace repopipe
