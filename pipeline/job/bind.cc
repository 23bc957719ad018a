#include "pipeline/job/bind.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string_view>

#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"
#include "pipeline/job/document/files.h"
#include "pipeline/job/suggest.h"
#include "pipeline/model/queue_address.h"

namespace repopipe {
namespace {

std::string path_of(const std::string& section, const std::string& key) {
  return section.empty() ? key : section + "." + key;
}

std::string shown_path(const std::string& section, const std::string& key) {
  return path_of(section, shown_key(key));
}

void report_unknown(const std::string& section, const Node& node, Binding& binding) {
  const std::string unknown = fmt::format("unknown key {}", shown_path(section, node.key));
  std::string hint;
  const std::string near = nearest_key(path_of(section, node.key));
  if (node.key == "<<") {
    hint = "merge keys are not supported";
  } else if (!near.empty()) {
    hint = fmt::format("did you mean {}?", near);
  } else if (section.empty()) {
    hint = fmt::format("a job file has {}", known_keys({}));
  } else {
    hint = fmt::format("{} has {}", section, known_keys(section));
  }
  binding.diagnostics.add(node.place, node.key_at, fmt::format("{}: {}", unknown, hint), hint);
}

// For ValuePlace::value.  A command may contain a secret.
std::string shown_value(const Node& node) {
  constexpr std::size_t kMost = 20;
  if (is_scalar(node)) return without_userinfo(node.text);
  Node shown = {.kind = node.kind};
  for (const Node& child : node.children) {
    if (shown.children.size() == kMost) break;
    shown.children.push_back(child);
    std::string& text = shown.children.back().text;
    if (text.starts_with("cmd:")) text = "cmd:***";
  }
  if (node.children.size() > kMost) {
    const std::size_t more = node.children.size() - kMost;
    shown.children.push_back({.kind = NodeKind::text, .text = fmt::format("... {} more", more)});
  }
  return as_json(shown);
}

void bind_section(const std::string& section, const Node& node, Binding& binding);

void bind_entry(const std::string& section, const Node& node, Binding& binding) {
  const std::string path = path_of(section, node.key);
  const std::size_t dot = node.key.find('.');
  if (dot != node.key.npos && find_key(path) != nullptr) {
    const std::string hint = fmt::format("write {} in the section {}", node.key.substr(dot + 1),
                                         node.key.substr(0, dot));
    binding.diagnostics.add(node.place, node.key_at, fmt::format("unknown key {}: {}", path, hint),
                            hint);
  } else if (const JobKey* key = find_key(path)) {
    if (node.kind == NodeKind::null) return;
    binding.written[path] = {node.place, node.at, shown_value(node)};
    read_value(*key, node, binding);
  } else if (!is_section(path)) {
    report_unknown(section, node, binding);
  } else if (node.kind == NodeKind::section) {
    bind_section(path, node, binding);
  } else if (node.kind != NodeKind::null) {
    const std::string hint = fmt::format("expected a section with {}", known_keys(path));
    binding.diagnostics.add(node.place, node.at,
                            fmt::format("{} is {}: {}", path, describe(node), hint), hint);
  }
}

void bind_section(const std::string& section, const Node& node, Binding& binding) {
  std::map<std::string_view, Position> seen;
  for (const Node& child : node.children) {
    const auto [first, fresh] = seen.emplace(child.key, child.key_at);
    if (fresh) {
      bind_entry(section, child, binding);
      continue;
    }
    std::string message = fmt::format("{} is given twice", shown_path(section, child.key));
    if (first->second.line != 0) message += fmt::format("; first on line {}", first->second.line);
    binding.diagnostics.add(child.place, child.key_at, message, "remove one of them");
  }
}

}  // namespace

void bind(const Node& root, Binding& binding) {
  bind_section({}, root, binding);
}

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

namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

}  // namespace

std::string complaint_about_certificates(const std::filesystem::path& path) {
  std::string complaint = complaint_about_file(path);
  if (!complaint.empty()) return complaint;
  const std::unique_ptr<BIO, Free> file(BIO_new_file(path.c_str(), "r"));
  if (!file) return "it cannot be read";
  // Like libcurl: the file may also contain other data, such as keys.
  const std::unique_ptr<X509, Free> first(
      PEM_read_bio_X509_AUX(file.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (first) return {};
  return "it holds no certificate: expected PEM, which begins with -----BEGIN CERTIFICATE-----";
}

namespace {

Result<std::string> read_credential(const std::string& name, const Environment& environment) {
  const auto path = credential_file(name, environment);
  if (!path) return fail(FailureKind::job, path.error().message);
  const std::string complaint = complaint_about_file(*path);
  std::ifstream file(*path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (complaint.empty() && file) return std::string(trim(text));
  return fail(FailureKind::job, fmt::format("the credential {}: {}", in_quotes(name),
                                            complaint.empty() ? "it cannot be read" : complaint));
}

// Never contains the address, which may have a password.
std::string complaint_about(const std::string& text, const Binding& binding) {
  const auto address = queue_address_of(text, binding.environment);
  if (!address) return address.error().message;
  const std::string complaint = parse_queue_address(*address).complaint;
  if (complaint.empty()) return complaint;
  if (*address == text) return "the address " + complaint;
  return fmt::format("the address in {} {}", in_quotes(text.substr(text.find(':') + 1)), complaint);
}

}  // namespace

Result<std::string> queue_address_of(const std::string& reference, const Environment& environment) {
  if (reference.starts_with(kCredential)) {
    return read_credential(reference.substr(kCredential.size()), environment);
  }
  if (!reference.starts_with(kVariable)) return reference;
  const std::string name = reference.substr(kVariable.size());
  if (name.empty()) {
    return fail(FailureKind::job, "a variable's name is missing, as in env:REDIS_URL");
  }
  const auto value = environment.variable(name);
  if (value) return *value;
  return fail(FailureKind::job,
              fmt::format("the environment variable {} is not set", in_quotes(name)));
}

void read_queue(const JobKey& key, const Node& node, Binding& binding) {
  if (node.kind != NodeKind::text) return report_wrong_value(key, node, binding);
  const std::string complaint = complaint_about(node.text, binding);
  if (complaint.empty()) {
    binding.job.execution.queue = node.text;
  } else {
    binding.diagnostics.add(node.place, node.at, fmt::format("{}: {}", key.path, complaint));
  }
}

}  // namespace repopipe
