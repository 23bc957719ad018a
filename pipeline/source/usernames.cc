#include "pipeline/source/usernames.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/base/units.h"
#include "pipeline/job/bind.h"
#include "pipeline/source/username_file.h"

namespace repopipe {
namespace {

constexpr std::size_t kLongest = 39;

bool is_login_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

std::string_view without_bot(std::string_view text) {
  constexpr std::string_view kBot = "[bot]";
  if (text.ends_with(kBot)) text.remove_suffix(kBot.size());
  return text;
}

// The first part of the path of a web address; empty when `text` is none.
std::string_view account_of_url(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) {
    if (!text.starts_with("github.com/") && !text.starts_with("www.github.com/")) return {};
  } else {
    text.remove_prefix(scheme + 3);
  }
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  text.remove_prefix(slash + 1);
  for (const std::string_view folder : {"orgs/", "users/", "sponsors/"}) {
    if (text.starts_with(folder)) text.remove_prefix(folder.size());
  }
  return text.substr(0, text.find_first_of("/?#"));
}

// What to do about typical mistakes; empty when it is none of them.
std::string remedy(std::string_view text) {
  const std::string_view account = account_of_url(text);
  if (is_login(account)) return fmt::format("write {}, not the address", account);
  if (text.starts_with('@') && is_login(text.substr(1))) {
    return fmt::format("leave out the @ and write {}", text.substr(1));
  }
  const bool quote = text.starts_with('"') || text.starts_with('\'');
  if (quote) return "leave out the quotes";
  if (text.starts_with("- ")) return "leave out the dash";
  if (text.find_first_of(",;") != text.npos) return "write each username as an entry of its own";
  if (text.find_first_of(" \t") != text.npos) {
    return "a username has no blanks; write each as an entry of its own";
  }
  const std::size_t slash = text.find('/');
  if (slash != text.npos && is_login(text.substr(0, slash))) {
    return fmt::format("that is a repository; its owner is {}", text.substr(0, slash));
  }
  const std::size_t at = text.find('@');
  if (at != text.npos && at > 0 && text.find('.', at) != text.npos) {
    return "that is an e-mail address";
  }
  return {};
}

std::string broken_rule(std::string_view text) {
  const std::string_view name = without_bot(text);
  const auto strange = std::ranges::find_if_not(name, is_login_character);
  if (strange != name.end()) {
    const std::string_view rest = name.substr(static_cast<std::size_t>(strange - name.begin()));
    const std::size_t length = std::max<std::size_t>(character_length(rest), 1);
    if (character_length(rest) > 1 && is_invisible(first_character(rest))) {
      return fmt::format("remove the character that nobody sees, U+{:04X}",
                         static_cast<std::uint32_t>(first_character(rest)));
    }
    return fmt::format("it has letters, digits, hyphens and underscores only, not {}",
                       in_quotes(rest.substr(0, length)));
  }
  if (name.empty()) return "it has at least one character";
  if (name.size() > kLongest) {
    return fmt::format("it has at most {} characters, not {}", kLongest, name.size());
  }
  return "it does not begin with a hyphen";
}

}  // namespace

bool is_login(std::string_view text) {
  const std::string_view name = without_bot(text);
  return !name.empty() && name.size() <= kLongest && name.front() != '-' &&
         std::ranges::all_of(name, is_login_character);
}

std::optional<std::string> complaint_about_login(std::string_view text) {
  if (is_login(text)) return std::nullopt;
  const std::string advice = remedy(text);
  return fmt::format("{} is not a username: {}", in_quotes(text),
                     advice.empty() ? broken_rule(text) : advice);
}

namespace {

constexpr std::uint64_t kMostReported = 20;

}  // namespace

bool LoginCheck::check(std::string_view text, Position at) {
  if (is_login(text)) {
    ++good_;
    hash_.add(text);
    hash_.add('\n');
    return true;
  }
  if (bad_ >= kMostReported) {
    ++bad_;
    return false;
  }
  refuse(at, *complaint_about_login(text));
  return false;
}

void LoginCheck::refuse(Position at, std::string message) {
  if (++bad_ <= kMostReported) diagnostics_.add(place_, at, std::move(message));
}

void LoginCheck::finish() {
  if (bad_ <= kMostReported) return;
  const std::uint64_t more = bad_ - kMostReported;
  diagnostics_.add(place_, {},
                   fmt::format("and {} more of its entries {} not {}", show(more),
                               more == 1 ? "is" : "are", more == 1 ? "a username" : "usernames"));
}

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
