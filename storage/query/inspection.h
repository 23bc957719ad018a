// Looks at the file of a database before a run opens it, for `repopipe check`.
#pragma once

#include <filesystem>

#include "pipeline/base/failure.h"

namespace repopipe {

// Whether a run could open the database, or make it.  Only reads, also no -wal or -shm file comes
// into being.  A failure is of kind `output` and begins with the path.
Status inspect_database(const std::filesystem::path& path);

}  // namespace repopipe
