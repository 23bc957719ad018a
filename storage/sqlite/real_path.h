// Where a file lies behind symbolic links: all names of a database take the same lock and log.
#pragma once

#include <filesystem>

#include "pipeline/base/failure.h"

namespace repopipe {

// Absolute, links followed; the file need not exist.  A link that leads nowhere is a failure of
// kind `output`; any other trouble with the path is left to whoever opens it.
Result<std::filesystem::path> real_path(const std::filesystem::path& path);

}  // namespace repopipe
