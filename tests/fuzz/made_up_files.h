// The only files there are for the job targets: the linker puts these functions in place of open()
// and mkostemp() (see CMakeLists.txt), so that no input ever names a real file, device or pipe.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/job/files.h"

namespace repopipe::fuzz {

// Makes a file, or replaces it.  Everything not made so does not exist.
void put_file(const std::string& path, std::string_view text);

// A descriptor of a nameless file in memory that stands at the beginning of `text`.
Descriptor opened(std::string_view text);

}  // namespace repopipe::fuzz
