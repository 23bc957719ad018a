// Reads one state of a database and changes nothing: no file is opened for writing, also during a
// run and in a folder that cannot be written.  Used by `repopipe status` and `repopipe report`.
#pragma once

#include <filesystem>
#include <functional>

#include "pipeline/base/failure.h"
#include "storage/schema/schema.h"

namespace repopipe {

// Calls `read` in a read transaction.  If the file changed meanwhile, calls it again, so `read`
// must replace what it has read before.  Fails with kind `output` if there is no database of this
// program, or if its schema is older than `least_version`.
Status read_snapshot(const std::filesystem::path& path, std::int64_t least_version,
                     const std::function<Status(Database&)>& read);

}  // namespace repopipe
