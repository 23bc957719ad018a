// The text of a job file before it is parsed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/job/diagnostics.h"

namespace repopipe {

// The whole file without its byte order mark; nothing when it cannot be had, is empty or larger
// than 64 MiB, or is not text.
std::optional<std::string> read_source_text(const std::filesystem::path& file, Place place,
                                            Diagnostics& diagnostics);

// Whether `text` is UTF-8 without control characters; reports the first place that is not.
bool check_text(std::string_view text, Place place, Diagnostics& diagnostics);

}  // namespace repopipe
