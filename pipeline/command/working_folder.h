// The working directory may have been deleted while the program was started in it.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace repopipe {

// About the first path that is relative although there is no working directory; nothing: all can be
// found.  Absolute paths need none.
std::optional<std::string> complaint_about_folder(std::span<const std::filesystem::path> paths);

}  // namespace repopipe
