// Reads the references to tokens of a job file.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"
#include "pipeline/job/bind.h"

namespace repopipe {
namespace {

constexpr std::string_view kFile = "file:";
constexpr std::string_view kCommand = "cmd:";
// A shorter text may occur in other texts by chance.
constexpr std::size_t kLongSecret = 16;

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t") == text.npos;
}

// Why the variable gives no token; empty: it has a value.
std::string complaint_about_variable(const std::string& name, const Binding& binding) {
  if (is_blank(name)) return "a variable's name is missing, as in env:GITHUB_TOKEN";
  if (name.find('=') != name.npos) return "no variable has a = in its name";
  const auto value = binding.environment.variable(name);
  if (!value) return "this environment variable is not set";
  if (is_blank(*value)) return "this environment variable is empty";
  return {};
}

std::string complaint_about_credential(const std::string& name, const Environment& environment) {
  const auto file = credential_file(name, environment);
  if (!file) return file.error().message;
  const std::string complaint = complaint_about_file(*file);
  if (complaint.empty()) return complaint;
  return fmt::format("{}: {}; the unit needs LoadCredential={}:PATH",
                     in_quotes(file->string(), 300), complaint, printable(name));
}

// Text that is not a reference may be a secret, so the message masks it.
std::string complaint_about_secret(const std::string& text, const Binding& binding) {
  if (holds_token(text)) {
    return fmt::format(
        "is a token written into the job ({}): put it into an environment variable and write "
        "env:NAME",
        mask(text));
  }
  if (binding.environment.variable(text)) {
    return fmt::format("lacks env: before the variable; write env:{}", text);
  }
  return fmt::format(
      "({}) begins with none of env:, file:, cmd: and credential:; a token itself is not "
      "allowed here",
      mask(text));
}

constexpr std::string_view kReferences = "env:NAME, file:PATH, cmd:COMMAND or credential:NAME";

// Sets `reference`.  Returns what is wrong with the value; empty: it can be used.
std::string read_token(const Node& node, const Binding& binding, std::string& reference) {
  reference = node.text;
  if (node.kind != NodeKind::text) {
    return fmt::format("is {}: expected {}", is_scalar(node) ? "not text" : describe(node),
                       kReferences);
  }
  std::string complaint;
  if (node.text.starts_with(kVariable)) {
    complaint = complaint_about_variable(node.text.substr(kVariable.size()), binding);
  } else if (node.text.starts_with(kFile)) {
    const std::string path = node.text.substr(kFile.size());
    if (is_blank(path)) return "is \"file:\": the path is missing";
    const std::filesystem::path file = absolute(path, binding);
    reference = std::string(kFile) + file.string();
    complaint = complaint_about_file(file);
    if (!complaint.empty()) complaint += looked_for(path, binding);
  } else if (node.text.starts_with(kCommand)) {
    if (is_blank(node.text.substr(kCommand.size()))) complaint = "the command is missing";
  } else if (node.text.starts_with(kCredential)) {
    complaint =
        complaint_about_credential(node.text.substr(kCredential.size()), binding.environment);
  } else {
    return complaint_about_secret(node.text, binding);
  }
  return complaint.empty() ? complaint : fmt::format("is {}: {}", in_quotes(node.text), complaint);
}

}  // namespace

Result<std::filesystem::path> credential_file(const std::string& name,
                                              const Environment& environment) {
  const auto refuse = [](std::string why) { return fail(FailureKind::no_token, std::move(why)); };
  if (is_blank(name)) return refuse("the credential's name is missing, as in credential:token");
  if (name.find('/') != name.npos || name == "." || name == "..") {
    return refuse("a credential has the name of a file, without /");
  }
  const auto folder = environment.variable("CREDENTIALS_DIRECTORY");
  if (folder && !folder->empty()) return std::filesystem::path(*folder) / name;
  return refuse(
      fmt::format("the environment variable CREDENTIALS_DIRECTORY is not set; systemd sets it in a "
                  "unit with LoadCredential={}:PATH",
                  printable(name)));
}

void read_tokens(const JobKey& key, const Node& node, Binding& binding) {
  if (node.kind == NodeKind::text && holds_token(node.text)) {
    binding.diagnostics.add(
        node.place, node.at,
        fmt::format("{} {}", key.path, complaint_about_secret(node.text, binding)));
    return;
  }
  if (node.kind != NodeKind::list) {
    binding.diagnostics.add(
        node.place, node.at,
        fmt::format("{} is {}: expected {}, as in [\"env:GITHUB_TOKEN\"]", key.path,
                    is_scalar(node) ? "not a list" : describe(node), expectation(key)));
    return;
  }
  for (std::size_t index = 0; index < node.children.size(); ++index) {
    const Node& entry = node.children[index];
    std::string reference;
    const std::string complaint = read_token(entry, binding, reference);
    if (complaint.empty()) {
      binding.written[fmt::format("{}[{}]", key.path, index)] = {entry.place, entry.at};
      binding.job.provider.tokens.push_back(std::move(reference));
    } else {
      const bool is_reference = complaint.starts_with("is ");
      binding.diagnostics.add(entry.place, entry.at,
                              fmt::format("{}[{}] {}", key.path, index, complaint),
                              is_reference ? "" : "write env:NAME");
    }
  }
}

namespace {

// The value of a file; nothing: it cannot be read.
std::optional<std::string> text_of_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return std::nullopt;
  return text;
}

// Why `url` is no address for pings; empty: it is one.  The message must not contain it.
std::string complaint_about_ping_url(std::string_view url) {
  const bool has_scheme = url.starts_with("http://") || url.starts_with("https://");
  const std::string_view rest = has_scheme ? url.substr(url.find("//") + 2) : std::string_view();
  const bool has_host = !rest.empty() && std::string_view("/?#:").find(rest[0]) == url.npos;
  const auto is_wrong = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
  if (has_host && std::ranges::none_of(url, is_wrong)) return {};
  return "the address does not begin with http:// or https:// and a host, or has a blank";
}

}  // namespace

// The value becomes a secret.
void read_ping_url(const JobKey& key, const Node& node, Binding& binding) {
  std::string url = node.text, complaint, of;
  if (url.starts_with(kVariable)) {
    const std::string name = url.substr(kVariable.size());
    complaint = complaint_about_variable(name, binding);
    url = binding.environment.variable(name).value_or("");
    of = " of " + in_quotes(node.text);
  } else if (url.starts_with(kFile)) {
    const std::string path = url.substr(kFile.size());
    const auto text = text_of_file(absolute(path, binding));
    complaint =
        complaint_about_file(absolute(path, binding)) + (text ? "" : looked_for(path, binding));
    url = text.value_or("");
    of = " of " + in_quotes(node.text);
  }
  url = trim(url);
  if (complaint.empty()) complaint = complaint_about_ping_url(url);
  if (complaint.empty()) {
    add_secret(url);
    const std::string path = url.substr(std::min(url.find('/', url.find("//") + 2), url.size()));
    if (path.size() >= kLongSecret) add_secret(path);
    binding.job.ping.url = url;
  } else {
    binding.diagnostics.add(node.place, node.at, fmt::format("{}{}: {}", key.path, of, complaint));
  }
}

}  // namespace repopipe
