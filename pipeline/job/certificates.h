// PEM files with the certificates of authorities.
#pragma once

#include <filesystem>
#include <string>

namespace repopipe {

// Why none can be read from the file; empty: at least one can.
std::string complaint_about_certificates(const std::filesystem::path& path);

}  // namespace repopipe
