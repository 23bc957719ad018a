#include "pipeline/job/bind.h"
#include "pipeline/job/file_handle.h"

namespace repopipe {

std::filesystem::path named(const std::string& path, const Binding& binding) {
  return (binding.folder / path).lexically_normal();
}

std::filesystem::path absolute(const std::string& path, const Binding& binding) {
  return std::filesystem::absolute(binding.folder / path).lexically_normal();
}

std::string looked_for(const std::string& path, const Binding& binding) {
  const std::string name = named(path, binding).string();
  return name == path ? std::string() : " (looked for " + name + ")";
}

std::string complaint_about_file(const std::filesystem::path& path) {
  const Result<FileHandle> file = open_for_reading(path);
  if (!file) return file.error().message;
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size == 0 && is_regular(*file)) return "the file is empty";
  return {};
}

}  // namespace repopipe
