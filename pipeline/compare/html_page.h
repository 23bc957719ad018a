// The comparison as a page of its own: no network, no script, light and dark, readable on a phone.
#pragma once

#include <filesystem>
#include <string>

#include "pipeline/base/failure.h"
#include "pipeline/compare/measure.h"

namespace repopipe {

std::string to_html(const Compared& compared);

// The file has the text wholly, or what it had before.  A failure is of kind `output`.
Status write_whole(const std::filesystem::path& path, const std::string& text);

}  // namespace repopipe
