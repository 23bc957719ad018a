// In-memory files for the job targets: the linker replaces open() and mkostemp() by these functions
// (see CMakeLists.txt), so that no input opens a real file, device or pipe.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/job/document/files.h"

namespace repopipe::fuzz {

// Creates or replaces a file.  Other files do not exist.
void put_file(const std::string& path, std::string_view text);

// A descriptor of a nameless file in memory that stands at the beginning of `text`.
Descriptor opened(std::string_view text);

}  // namespace repopipe::fuzz
