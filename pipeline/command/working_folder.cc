#include "pipeline/command/working_folder.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/text.h"

namespace repopipe {

std::optional<std::string> complaint_about_folder(std::span<const std::filesystem::path> paths) {
  std::error_code missing;
  const auto folder = std::filesystem::current_path(missing);
  if (!missing) return std::nullopt;
  const auto relative = std::ranges::find_if(
      paths, [](const auto& path) { return path.is_relative() && !path.empty(); });
  if (relative == paths.end()) return std::nullopt;
  return fmt::format(
      "{} is relative, and the working directory no longer exists ({}): write the "
      "absolute path, or change to another directory",
      in_quotes(relative->string(), 300), missing.message());
}

}  // namespace repopipe
