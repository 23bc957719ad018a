// Checks of the machine around a command: its folder, and what a job names; see commands.h.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "pipeline/base/text.h"
#include "pipeline/command/commands.h"
#include "pipeline/command/credentials.h"
#include "storage/query/inspection.h"

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

namespace {

constexpr std::string_view kCommandReference = "cmd:";

// The program of a command if it is a plain path, else empty: only a run can check it.
std::string program_of(const std::string& command) {
  const std::size_t begin = std::min(command.find_first_not_of(" \t"), command.size());
  const std::size_t end = std::min(command.find_first_of(" \t", begin), command.size());
  const std::string word = command.substr(begin, end - begin);
  const bool is_plain =
      word.find('/') != word.npos && word.find_first_of("$`'\"\\;|&<>(){}*?[]~=") == word.npos;
  return is_plain ? word : std::string();
}

std::string complaint_about_command(const std::string& command) {
  const std::string program = program_of(command);
  if (program.empty() || access(program.c_str(), X_OK) == 0) return {};
  return fmt::format("the program of the command, {}, cannot be run: {}", in_quotes(program, 300),
                     std::strerror(errno));
}

std::string complaint_about_reference(const std::string& reference,
                                      const Environment& environment) {
  if (reference.starts_with(kCommandReference)) {
    return complaint_about_command(reference.substr(kCommandReference.size()));
  }
  const auto token = resolve_tokens({&reference, 1}, environment, {.name = "token"});
  if (token) return {};
  const std::string& message = token.error().message;
  return message.substr(message.find(": ") + 2);
}

}  // namespace

std::vector<Diagnostic> check_surroundings(const LoadedJob& loaded,
                                           const Environment& environment) {
  std::vector<Diagnostic> diagnostics;
  const Job& job = loaded.job;
  const auto add = [&](const std::string& key, const std::string& message) {
    diagnostics.push_back(loaded.at(key, fmt::format("{}: {}", key, message)));
  };
  const auto authority = authorities(job.provider.ca_file, job.provider.base_url, environment);
  if (!authority) add("provider.base_url", authority.error().message);
  for (std::size_t i = 0; i < job.provider.tokens.size(); ++i) {
    const auto complaint = complaint_about_reference(job.provider.tokens[i], environment);
    if (!complaint.empty()) add(fmt::format("provider.tokens[{}]", i), complaint);
  }
  if (auto good = inspect_database(job.store.database); !good) {
    add("store.database", good.error().message);
  }
  return diagnostics;
}

}  // namespace repopipe
