#include "pipeline/base/text.h"
#include "pipeline/job/bind.h"
#include "pipeline/job/files.h"

namespace repopipe {
namespace {

constexpr std::size_t kLongestPath = 300;  // characters in a message

}  // namespace

std::filesystem::path named(const std::string& path, const Binding& binding) {
  return (binding.folder / path).lexically_normal();
}

std::filesystem::path absolute(const std::string& path, const Binding& binding) {
  return std::filesystem::absolute(binding.folder / path).lexically_normal();
}

std::string looked_for(const std::string& path, const Binding& binding) {
  std::error_code ignored;
  if (std::filesystem::exists(absolute(path, binding), ignored)) return {};
  const std::string name = named(path, binding).string();
  return name == path ? std::string() : " (looked for " + in_quotes(name, kLongestPath) + ")";
}

std::string complaint_about_file(const std::filesystem::path& path) {
  const Result<Descriptor> file = open_for_reading(path);
  if (!file) return file.error().message;
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size == 0 && is_regular(*file)) return "the file is empty";
  return {};
}

}  // namespace repopipe
