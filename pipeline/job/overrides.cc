#include "pipeline/job/overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/job/job_keys.h"
#include "pipeline/job/parse.h"
#include "pipeline/job/source_text.h"
#include "pipeline/job/suggest.h"

namespace repopipe {
namespace {

bool is_of_secret_section(std::string_view path) {
  return path.starts_with("provider") || path.starts_with("execution");
}

// Whether the value of a key of this path may be a secret.  A path that is none may be meant for
// one that is.
bool may_hold_secret(std::string_view path) {
  const std::string_view section = path.substr(0, path.find('.'));
  if (path.empty() || find_key(path) != nullptr || is_section(section)) {
    return is_of_secret_section(path);
  }
  const std::string meant = nearest_key(path);
  return meant.empty() || is_of_secret_section(meant);
}

// "--set fetch.concurrency=x".  What may be a secret is left out.
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

// An override stands on no line: the place alone says where.
void move_to(Place place, Node& node) {
  node.place = place;
  node.at = node.key_at = {};
  for (Node& child : node.children) move_to(place, child);
}

// Why a value cannot be read: as that of a key in a file where that fails too, since within
// brackets one that is not closed takes the one behind it.
std::string complaint_about_value(std::string_view text, const std::string& within_brackets) {
  Diagnostics own;
  own.add_place({});
  return parse_yaml(fmt::format("key: {}", text), 0, own) ? within_brackets
                                                          : own.take().front().message;
}

// Nothing when the value is not one value; says why.
std::optional<Node> read_value_of_override(std::string_view text, Place place,
                                           Diagnostics& diagnostics) {
  if (text == "-") return Node{.kind = NodeKind::text, .place = place, .text = "-"};
  Diagnostics own;  // positions inside a wrapped value mean nothing
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
  Node value = list->children.empty() ? Node{.place = place} : std::move(list->children.front());
  move_to(place, value);
  return value;
}

// The last entry of that name, made if there is none.
Node& entry_of(Node& section, std::string_view key, Place place) {
  const auto found = std::ranges::find(section.children, key, &Node::key);
  if (found != section.children.end()) return *found;
  section.children.push_back({.place = place, .key = std::string(key)});
  return section.children.back();
}

// The key that a path goes below, as fetch.attempts.x goes below fetch.attempts; null: none.
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

// A path and its value; nothing when it has no such form, which is reported.
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
