#include "pipeline/job/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"
#include "pipeline/job/bind.h"
#include "pipeline/job/document/document.h"
#include "pipeline/job/document/files.h"
#include "pipeline/job/job_keys.h"

namespace repopipe {
namespace {

// By its name, else by its first character.
bool is_json(const std::filesystem::path& file, std::string_view text) {
  const std::string extension = fold_case(file.extension().string());
  if (extension == ".json") return true;
  if (extension == ".yaml" || extension == ".yml") return false;
  return trim(text).starts_with('{');
}

// Nothing if the file is not a section of keys; the reason is then in `diagnostics`.
std::optional<Node> read_tree(const std::filesystem::path& file, Diagnostics& diagnostics,
                              Fnv1a& hash) {
  const Place place = diagnostics.add_place(file.string());
  if (file == "-") {
    diagnostics.add(place, {}, "a job is a file; it cannot come from standard input");
    return std::nullopt;
  }
  const auto text = read_source_text(file, place, diagnostics);
  if (!text) return std::nullopt;
  add_secrets_of_addresses_in(*text);
  hash.add(*text);
  auto root = is_json(file, *text) ? parse_json(*text, place, diagnostics)
                                   : parse_yaml(*text, place, diagnostics);
  if (root && root->kind == NodeKind::null) {  // nothing but comments
    diagnostics.add(place, {}, "the file has no keys: a job file names at least its source");
    return std::nullopt;
  }
  if (root && root->kind != NodeKind::section) {
    diagnostics.add(
        place, root->at,
        "the job is " + describe(*root) + ": expected keys, as in source: {usernames: [octocat]}");
    return std::nullopt;
  }
  return root;
}

// Reports that there are no users, unless another error explains it.
void require_users(const Node& root, const UserList& users, Diagnostics& diagnostics) {
  const auto source = std::ranges::find(root.children, "source", &Node::key);
  const bool there = source != root.children.end();
  const bool named = there && std::ranges::any_of(source->children, [](const Node& node) {
                       return node.kind != NodeKind::null &&
                              !(node.kind == NodeKind::list && node.children.empty());
                     });
  const bool wrong = there && source->kind != NodeKind::section && source->kind != NodeKind::null;
  if (users.count > 0 || named || wrong) return;
  diagnostics.add(there ? source->place : 0, there ? source->key_at : Position{1, 1},
                  "no users: source.usernames or source.usernames_file must name some",
                  "write source: {usernames: [octocat]}", "source");
}

// With a queue, each worker process is started on its own.
void forbid_both_kinds_of_workers(const Node& root, const Job& job, Diagnostics& diagnostics) {
  if (job.execution.queue.empty() || job.execution.processes == 1) return;
  const auto execution = std::ranges::find(root.children, "execution", &Node::key);
  if (execution == root.children.end()) return;
  const auto queue = std::ranges::find(execution->children, "queue", &Node::key);
  if (queue == execution->children.end()) return;
  diagnostics.add(
      queue->place, queue->key_at,
      "execution.queue and execution.processes above 1 exclude each other: with a queue, "
      "the processes are those of its workers",
      "remove one of them");
}

// The key without an index: "provider.tokens" of "provider.tokens[0]".
const JobKey* key_of(const Diagnostic& diagnostic) {
  return find_key(std::string_view(diagnostic.key).substr(0, diagnostic.key.find('[')));
}

// The end of a message, behind the value in quotes: "there is no such file"; may be empty.
std::string hint_in(std::string message) {
  message.resize(std::min(message.rfind(" (looked for "), message.size()));
  const std::size_t remedy = message.rfind("; write ");
  if (remedy != message.npos) return message.substr(remedy + 2);
  const std::size_t quote = message.rfind('"');
  const std::size_t colon = message.find(": ", quote == message.npos ? 0 : quote);
  return colon == message.npos ? std::string() : message.substr(colon + 2);
}

// A diagnostic about a key always has a hint; at least what the key takes.
void complete_hints(std::vector<Diagnostic>& diagnostics) {
  for (Diagnostic& each : diagnostics) {
    const JobKey* const key = key_of(each);
    if (!each.hint.empty() || key == nullptr) continue;
    each.hint = hint_in(each.message);
    if (each.hint.empty()) each.hint = "expected " + expectation(*key);
  }
}

std::map<std::string, std::string> values_of(const std::map<std::string, ValuePlace>& written) {
  std::map<std::string, std::string> values;
  for (const auto& [key, place] : written) values[key] = place.value;
  return values;
}

std::map<std::string, Diagnostic> places_of(const std::map<std::string, ValuePlace>& written,
                                            const Diagnostics& diagnostics) {
  std::map<std::string, Diagnostic> places;
  for (const auto& [key, where] : written) {
    places[key] = {diagnostics.name_of(where.place), where.at.line, where.at.column, {}};
  }
  return places;
}

Binding binding_of(const std::filesystem::path& file, const Provider& provider, LoadedJob& loaded,
                   Diagnostics& diagnostics, const Environment& environment) {
  Binding binding{.job = loaded.job,
                  .provider = provider,
                  .users = loaded.users,
                  .diagnostics = diagnostics,
                  .environment = environment,
                  .folder = file.parent_path()};
  loaded.users.provider = &provider;
  loaded.job.name = file.stem().string();
  loaded.folder = absolute(".", binding).lexically_normal();
  loaded.job.store.database = absolute(loaded.job.store.database.string(), binding);
  return binding;
}

// Reads only these keys.
LoadedJob load_sections(const std::filesystem::path& file,
                        const std::vector<std::string_view>& sections,
                        const Environment& environment) {
  LoadedJob loaded;
  Diagnostics diagnostics;
  Fnv1a unused;
  if (auto root = read_tree(file, diagnostics, unused)) {
    std::erase_if(root->children, [&sections](const Node& node) {
      return std::ranges::count(sections, node.key) == 0;
    });
    Binding binding = binding_of(file, *providers().front(), loaded, diagnostics, environment);
    bind(*root, binding);
  }
  loaded.diagnostics = diagnostics.take();
  return loaded;
}

}  // namespace

Diagnostic LoadedJob::at(const std::string& key, std::string message) const {
  const auto found = written.find(key);
  Diagnostic diagnostic = found != written.end() ? found->second : Diagnostic{file, 0, 0, {}};
  diagnostic.message = std::move(message);
  diagnostic.key = key;
  return diagnostic;
}

LoadedJob load_job(const std::filesystem::path& file, std::span<const std::string> overrides,
                   const Environment& environment) {
  LoadedJob loaded;
  loaded.file = file.string();
  Diagnostics diagnostics;
  Fnv1a hash;
  if (auto root = read_tree(file, diagnostics, hash)) {
    apply_overrides(overrides, *root, diagnostics);
    Binding binding = binding_of(file, provider_in(*root), loaded, diagnostics, environment);
    bind(*root, binding);
    complete_provider(*root, binding);
    require_users(*root, loaded.users, diagnostics);
    forbid_both_kinds_of_workers(*root, loaded.job, diagnostics);
    loaded.written = places_of(binding.written, diagnostics);
    loaded.values = values_of(binding.written);
    if (!diagnostics.empty()) diagnostics.name_keys(*root);
    loaded.trouble = binding.trouble;
  }
  hash.add(loaded.users.file_fingerprint);
  loaded.fingerprint = hash.value();
  loaded.diagnostics = diagnostics.take();
  complete_hints(loaded.diagnostics);
  if (loaded.diagnostics.size() > 1) loaded.trouble = FailureKind::job;
  return loaded;
}

LoadedJob load_job_store(const std::filesystem::path& file, const Environment& environment) {
  return load_sections(file, {"name", "store", "report"}, environment);
}

LoadedJob load_job_alerts(const std::filesystem::path& file, const Environment& environment) {
  return load_sections(file, {"name", "ping", "log", "provider"}, environment);
}

}  // namespace repopipe
