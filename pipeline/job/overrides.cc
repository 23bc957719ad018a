// The values of `--set path=value`: reads them and puts them into the tree of a job file; see
// load.h.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"
#include "pipeline/job/document/document.h"
#include "pipeline/job/job_keys.h"
#include "pipeline/job/load.h"
#include "pipeline/job/suggest.h"

namespace repopipe {
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
