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
#include "pipeline/job/suggest.h"

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
                  "no users: source.usernames or source.usernames_file must name some");
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
      "the processes are those of its workers");
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

}  // namespace

Diagnostic LoadedJob::at(const std::string& key, std::string message) const {
  const auto found = written.find(key);
  Diagnostic diagnostic = found != written.end() ? found->second : Diagnostic{file, 0, 0, {}};
  diagnostic.message = std::move(message);
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
    loaded.trouble = binding.trouble;
  }
  hash.add(loaded.users.file_fingerprint);
  loaded.fingerprint = hash.value();
  loaded.diagnostics = diagnostics.take();
  if (loaded.diagnostics.size() > 1) loaded.trouble = FailureKind::job;
  return loaded;
}

LoadedJob load_job_store(const std::filesystem::path& file, const Environment& environment) {
  LoadedJob loaded;
  Diagnostics diagnostics;
  Fnv1a unused;
  if (auto root = read_tree(file, diagnostics, unused)) {
    std::erase_if(root->children, [](const Node& node) {
      return node.key != "name" && node.key != "store" && node.key != "report";
    });
    Binding binding = binding_of(file, *providers().front(), loaded, diagnostics, environment);
    bind(*root, binding);
  }
  loaded.diagnostics = diagnostics.take();
  return loaded;
}

namespace {

bool is_of_secret_section(std::string_view path) {
  return path.starts_with("provider") || path.starts_with("ping") || path.starts_with("execution");
}

// Whether the value of the key may be a secret.  An unknown path may be a misspelling of such a
// key.
bool may_hold_secret(std::string_view path) {
  const std::string_view section = path.substr(0, path.find('.'));
  if (path.empty() || find_key(path) != nullptr || is_section(section)) {
    return is_of_secret_section(path);
  }
  const std::string meant = nearest_key(path);
  return meant.empty() || is_of_secret_section(meant);
}

// "--set fetch.concurrency=x".  Omits a value that may be a secret.
std::string name_of_override(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view path = text.substr(0, equals);
  const bool secret = may_hold_secret(path) || text.find('@') != text.npos || holds_token(text);
  if (secret && equals != text.npos) {
    return fmt::format("--set {}=...", shown_key(path));
  }
  const std::string shown = in_quotes(text);
  return "--set " + shown.substr(1, shown.size() - 2);
}

// An override has a place but no line.
void move_to(Place place, Node& node) {
  node.place = place;
  node.at = node.key_at = {};
  for (Node& child : node.children) move_to(place, child);
}

// Why a value cannot be read.  Prefers the message for the value without brackets: within brackets,
// an unclosed bracket of the value pairs with the added one.
std::string complaint_about_value(std::string_view text, const std::string& within_brackets) {
  Diagnostics own;
  own.add_place({});
  return parse_yaml(fmt::format("key: {}", text), 0, own) ? within_brackets
                                                          : own.take().front().message;
}

// Nothing if `text` is not exactly one value; the reason is then in `diagnostics`.
std::optional<Node> read_value_of_override(std::string_view text, Place place,
                                           Diagnostics& diagnostics) {
  if (text == "-") return Node{.kind = NodeKind::text, .place = place, .text = "-"};
  Diagnostics own;  // the user must not see positions within the added brackets
  own.add_place({});
  std::optional<Node> list;
  const std::string flow = fmt::format("[{}\n]", text);
  if (check_text(flow, 0, own)) list = parse_yaml(flow, 0, own);
  if (!list) {
    const std::string wrapped = own.take().front().message;
    diagnostics.add(
        place, {},
        fmt::format("the value cannot be read: {}", complaint_about_value(text, wrapped)));
    return std::nullopt;
  }
  if (list->children.size() > 1 || list->kind != NodeKind::list) {
    diagnostics.add(place, {}, "more than one value: write [a, b] for a list, and text in quotes");
    return std::nullopt;
  }
  if (list->children.empty()) {  // often an unset variable of a shell
    diagnostics.add(place, {},
                    "the value is empty: write null for the default, or \"\" for empty text");
    return std::nullopt;
  }
  Node value = std::move(list->children.front());
  move_to(place, value);
  return value;
}

// The first entry with this key; created if there is none.
Node& entry_of(Node& section, std::string_view key, Place place) {
  const auto found = std::ranges::find(section.children, key, &Node::key);
  if (found != section.children.end()) return *found;
  section.children.push_back({.place = place, .key = std::string(key)});
  return section.children.back();
}

// The key that is a prefix of a path, as fetch.attempts is of fetch.attempts.x; null: none.
const JobKey* key_above(std::string_view path) {
  for (std::size_t dot = path.find('.'); dot != path.npos; dot = path.find('.', dot + 1)) {
    if (const JobKey* const key = find_key(path.substr(0, dot))) return key;
  }
  return nullptr;
}

void put(std::string_view path, Node value, Node& root, Diagnostics& diagnostics) {
  if (const JobKey* const above = key_above(path)) {
    return diagnostics.add(value.place, {},
                           fmt::format("unknown key {}: {} takes {}", shown_key(path), above->path,
                                       expectation(*above)));
  }
  Node* section = &root;
  std::size_t dot = path.find('.');
  while (dot != path.npos) {
    section = &entry_of(*section, path.substr(0, dot), value.place);
    if (section->kind != NodeKind::section && section->kind != NodeKind::null) {
      diagnostics.add(
          section->place, section->at,
          fmt::format("{} is {}: expected a section", shown_key(section->key), describe(*section)));
      section->children.clear();
    }
    section->kind = NodeKind::section;
    path.remove_prefix(dot + 1);
    dot = path.find('.');
  }
  value.key = path;
  entry_of(*section, path, value.place) = std::move(value);
}

// The path and the value; nothing if the form is wrong, which is then in `diagnostics`.
std::optional<std::pair<std::string_view, Node>> read_override(std::string_view text,
                                                               Diagnostics& diagnostics) {
  const Place place = diagnostics.add_place(name_of_override(text));
  const std::size_t equals = text.find('=');
  const std::string_view path = text.substr(0, equals);
  const bool is_path = !path.empty() && !path.starts_with('.') && !path.ends_with('.') &&
                       path.find("..") == path.npos;
  if (equals == text.npos || !is_path) {
    diagnostics.add(place, {}, "expected path=value, as in fetch.concurrency=32");
    return std::nullopt;
  }
  auto value = read_value_of_override(text.substr(equals + 1), place, diagnostics);
  if (!value) return std::nullopt;
  return std::pair(path, std::move(*value));
}

}  // namespace

void apply_overrides(std::span<const std::string> overrides, Node& root, Diagnostics& diagnostics) {
  for (const std::string& text : overrides) {
    auto read = read_override(text, diagnostics);
    if (read) put(read->first, std::move(read->second), root, diagnostics);
  }
}

std::vector<Diagnostic> check_form(std::span<const std::string> overrides) {
  Diagnostics diagnostics;
  for (const std::string& text : overrides) (void)read_override(text, diagnostics);
  return diagnostics.take();
}

}  // namespace repopipe
