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

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_login_character(char c, const UsernameRule& rule) {
  return is_letter_or_digit(c) || rule.marks.find(c) != std::string_view::npos;
}

std::string name_of_mark(char mark) {
  return mark == '-' ? "hyphen" : in_quotes(std::string_view(&mark, 1));
}

bool begins_wrong(std::string_view name, const UsernameRule& rule) {
  return rule.not_first.find(name.front()) != std::string_view::npos;
}

std::string_view without_suffix(std::string_view text, const UsernameRule& rule) {
  if (text.ends_with(rule.suffix)) text.remove_suffix(rule.suffix.size());
  return text;
}

bool begins_with_host(std::string_view text, std::string_view host) {
  if (host.empty()) return false;
  if (text.starts_with("www.")) text.remove_prefix(4);
  return text.starts_with(host) && text.substr(host.size()).starts_with('/');
}

// The account in the path of a web address; empty if `text` is not a web address.
std::string_view account_of_url(std::string_view text, const UsernameRule& rule) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) {
    if (!begins_with_host(text, rule.host)) return {};
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

// The correction of a typical mistake; empty if it is none of them.
std::string remedy(std::string_view text, const UsernameRule& rule) {
  const std::string_view account = account_of_url(text, rule);
  if (is_login(account, rule)) return fmt::format("write {}, not the address", account);
  if (text.starts_with('@') && is_login(text.substr(1), rule)) {
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
  if (slash != text.npos && is_login(text.substr(0, slash), rule)) {
    return fmt::format("that is a repository; its owner is {}", text.substr(0, slash));
  }
  const std::size_t at = text.find('@');
  if (at != text.npos && at > 0 && text.find('.', at) != text.npos) {
    return "that is an e-mail address";
  }
  return {};
}

std::string broken_rule(std::string_view text, const UsernameRule& rule) {
  const std::string_view name = without_suffix(text, rule);
  const auto strange =
      std::ranges::find_if_not(name, [&](char c) { return is_login_character(c, rule); });
  if (strange != name.end()) {
    const std::string_view rest = name.substr(static_cast<std::size_t>(strange - name.begin()));
    const std::size_t length = std::max<std::size_t>(character_length(rest), 1);
    if (character_length(rest) > 1 && is_invisible(first_character(rest))) {
      return fmt::format("remove the invisible character U+{:04X}",
                         static_cast<std::uint32_t>(first_character(rest)));
    }
    return fmt::format("it has {} only, not {}", rule.words, in_quotes(rest.substr(0, length)));
  }
  if (name.empty()) return "it has at least one character";
  if (name.size() > rule.longest) {
    return fmt::format("it has at most {} characters, not {}", rule.longest, name.size());
  }
  return begins_wrong(name, rule)
             ? fmt::format("it does not begin with a {}", name_of_mark(name.front()))
             : std::string("it does not consist of dots");
}

}  // namespace

// "." and ".." would change the path of a request.
bool is_login(std::string_view text, const UsernameRule& rule) {
  const std::string_view name = without_suffix(text, rule);
  const bool is_path = name.find_first_not_of('.') == std::string_view::npos;
  return !is_path && name.size() <= rule.longest && !begins_wrong(name, rule) &&
         std::ranges::all_of(name, [&](char c) { return is_login_character(c, rule); });
}

namespace {

std::string complaint_about_login(std::string_view text, const UsernameRule& rule) {
  const std::string advice = remedy(text, rule);
  return fmt::format("{} is not a username: {}", in_quotes(text),
                     advice.empty() ? broken_rule(text, rule) : advice);
}

const Resource* find_entry(std::string_view word, const Provider& provider) {
  const auto names = [word](const Resource* resource) {
    return resource->routes.front().entry == word;
  };
  const auto found = std::ranges::find_if(provider.resources, names);
  return found == provider.resources.end() ? nullptr : *found;
}

// "members:acme": one example for each list of accounts of the provider; empty if it has none.
std::string examples_of_entries(const Provider& provider) {
  std::string text;
  for (const Resource* resource : provider.resources) {
    const std::string_view word = resource->routes.front().entry;
    if (!word.empty()) text += fmt::format("{}{}:acme", text.empty() ? "" : ", ", word);
  }
  return text;
}

}  // namespace

std::optional<Subject> parse_entry(std::string_view text, const Provider& provider) {
  const std::size_t colon = text.find(':');
  const std::string_view word = text.substr(0, colon == text.npos ? 0 : colon);
  const std::string_view login = colon == text.npos ? text : text.substr(colon + 1);
  const Resource* resource = find_entry(word, provider);
  if (resource == nullptr || !is_login(login, provider.username)) return std::nullopt;
  return Subject{.login = std::string(login), .resource = resource->id};
}

std::string entry_of(const Subject& subject, const Provider& provider) {
  const Resource* resource = find_resource(provider.resources, subject.resource);
  const std::string_view word = resource == nullptr ? "" : resource->routes.front().entry;
  return word.empty() ? subject.login : fmt::format("{}:{}", word, subject.login);
}

std::string complaint_about_entry(std::string_view text, const Provider& provider) {
  const std::size_t colon = text.find(':');
  const std::string_view name = colon == text.npos ? "" : text.substr(colon + 1);
  const std::string_view word = text.substr(0, colon);
  const UsernameRule& rule = provider.username;
  if (colon != text.npos && colon > 0 && find_entry(word, provider) != nullptr) {
    const std::size_t blanks = std::min(name.find_first_not_of(" \t"), name.size());
    if (blanks > 0 && is_login(name.substr(blanks), rule)) {
      return fmt::format("{}: leave out the blank and write {}:{}", in_quotes(text), word,
                         name.substr(blanks));
    }
    return fmt::format("{}: {}", in_quotes(text), complaint_about_login(name, rule));
  }
  const bool is_unknown = !name.empty() && is_login(name, rule) && is_login(word, rule);
  if (!is_unknown) return complaint_about_login(text, rule);
  const std::string examples = examples_of_entries(provider);
  return fmt::format(
      "{} is not a username: {}", in_quotes(text),
      examples.empty() ? fmt::format("{} has no lists of accounts; write {}", provider.kind, name)
                       : fmt::format("{} names no list of accounts; known is {}", word, examples));
}

namespace {

constexpr std::uint64_t kMostReported = 20;

}  // namespace

bool LoginCheck::check(std::string_view text, Position at) {
  if (parse_entry(text, provider_)) {
    ++good_;
    hash_.add(text);
    hash_.add('\n');
    return true;
  }
  if (bad_ >= kMostReported) {
    ++bad_;
    return false;
  }
  std::string complaint = complaint_about_entry(text, provider_);
  const std::size_t quoted = in_quotes(text).size();  // may contain ": "
  const std::size_t colon = complaint.find(": ", quoted);
  refuse(at, complaint, colon == complaint.npos ? std::string() : complaint.substr(colon + 2));
  return false;
}

void LoginCheck::refuse(Position at, std::string message, std::string hint) {
  if (++bad_ > kMostReported) return;
  diagnostics_.add(place_, at, std::move(message), std::move(hint));
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

// Why the list cannot be used; empty: it is in `binding.users`.
std::string take_users(const UserFile& source, Descriptor file, Binding& binding) {
  Result<CheckedUsers> checked = check_users(source, binding.provider, binding.diagnostics);
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
  LoginCheck check(binding.diagnostics, node.place, binding.provider);
  std::vector<std::string>& logins = binding.job.source.usernames;
  for (const Node& entry : node.children) {
    if (entry.kind != NodeKind::text) {
      const std::string hint = is_scalar(entry) ? "expected text in quotes" : "expected text";
      check.refuse(entry.at, fmt::format("{} is not a username: {}", describe(entry), hint), hint);
    } else if (check.check(entry.text, entry.at)) {
      logins.push_back(entry.text);
    }
  }
  check.finish();
  binding.users.inline_entries = logins;
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
