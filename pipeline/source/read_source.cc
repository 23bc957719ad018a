#include <fmt/format.h>

#include "pipeline/job/bind.h"
#include "pipeline/source/login_check.h"
#include "pipeline/source/user_file.h"

namespace repopipe {
namespace {

std::filesystem::path temporary_folder(const Environment& environment) {
  const auto folder = environment.variable("TMPDIR");
  return folder && !folder->empty() ? std::filesystem::path(*folder) : "/tmp";
}

// What keeps the list from being used; empty: it is in `users`.
std::string take_users(const UserFile& source, Descriptor file, Binding& binding) {
  Result<CheckedUsers> checked = check_users(source, binding.diagnostics);
  if (!checked) {
    binding.trouble = checked.error().kind;
    return checked.error().message;
  }
  if (checked->count == 0) return "it holds no usernames";
  binding.users.count += checked->count;
  binding.users.file_fingerprint = checked->fingerprint;
  binding.users.file = checked->copy.is_open() ? std::move(checked->copy) : std::move(file);
  binding.users.file_name = source.name;
  return {};
}

std::string take_standard_input(Binding& binding) {
  const UserFile source{.descriptor = binding.environment.standard_input,
                        .from = ReadFrom::here,
                        .name = "standard input",
                        .temporary_folder = temporary_folder(binding.environment)};
  return take_users(source, Descriptor{}, binding);
}

std::string take_file(const std::string& path, Binding& binding) {
  Result<Descriptor> file = open_for_reading(absolute(path, binding));
  if (!file) return file.error().message;
  const UserFile source{.descriptor = file->number(),
                        .from = is_regular(*file) ? ReadFrom::start : ReadFrom::here,
                        .name = named(path, binding).string(),
                        .temporary_folder = temporary_folder(binding.environment)};
  return take_users(source, std::move(*file), binding);
}

}  // namespace

void read_usernames(const JobKey& key, const Node& node, Binding& binding) {
  if (node.kind != NodeKind::list) {
    binding.diagnostics.add(node.place, node.at,
                            fmt::format("{} is {}: expected {}, as in [octocat, torvalds]",
                                        key.path, describe(node), expectation(key)));
    return;
  }
  LoginCheck check(binding.diagnostics, node.place);
  std::vector<std::string>& logins = binding.job.source.usernames;
  for (const Node& entry : node.children) {
    if (entry.kind != NodeKind::text) {
      check.refuse(entry.at, fmt::format("{} is not a username: expected text{}", describe(entry),
                                         is_scalar(entry) ? " in quotes" : ""));
    } else if (check.check(entry.text, entry.at)) {
      logins.push_back(entry.text);
    }
  }
  check.finish();
  binding.users.inline_logins = logins;
  binding.users.count += check.good() + check.bad();
}

void read_usernames_file(const JobKey& key, const Node& node, Binding& binding) {
  const bool standard_input = node.text == "-";
  binding.job.source.usernames_file =
      standard_input ? std::filesystem::path("-") : absolute(node.text, binding);
  const std::string complaint =
      standard_input ? take_standard_input(binding) : take_file(node.text, binding);
  if (complaint.empty()) return;
  binding.diagnostics.add(node.place, node.at,
                          fmt::format("{} is {}: {}{}", key.path, describe(node), complaint,
                                      standard_input ? "" : looked_for(node.text, binding)));
}

}  // namespace repopipe
