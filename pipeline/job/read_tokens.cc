// Reads the references to tokens of a job file.
#include <fmt/format.h>

#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"
#include "pipeline/job/bind.h"

namespace repopipe {
namespace {

constexpr std::string_view kFile = "file:";
constexpr std::string_view kCommand = "cmd:";

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
      binding.diagnostics.add(entry.place, entry.at,
                              fmt::format("{}[{}] {}", key.path, index, complaint));
    }
  }
}

}  // namespace repopipe
