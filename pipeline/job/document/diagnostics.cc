#include "pipeline/job/document/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/job/document/document.h"

namespace repopipe {
std::string Diagnostic::show() const {
  if (line == 0) return fmt::format("{}: {}", file, message);
  return fmt::format("{}:{}:{}: {}", file, line, column, message);
}

Place Diagnostics::add_place(std::string name) {
  places_.push_back(std::move(name));
  return static_cast<Place>(places_.size()) - 1;
}

void Diagnostics::add(Place place, Position at, std::string message, std::string hint,
                      std::string key) {
  found_.push_back({place, at, std::move(message), std::move(hint), std::move(key)});
}

namespace {

using Paths = std::map<std::pair<Place, Position>, std::string>;

std::string path_of(const Node& node, const std::string& path, std::size_t index) {
  const Node& child = node.children[index];
  if (node.kind == NodeKind::list) return fmt::format("{}[{}]", path, index);
  return path.empty() ? shown_key(child.key) : fmt::format("{}.{}", path, shown_key(child.key));
}

// Sets the paths of the positions in `paths`.  A key inside a section may begin where the section
// begins: the path of the inner one remains.
void find_paths(const Node& node, const std::string& path, Paths& paths) {
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node& child = node.children[i];
    for (const Position at : {child.key_at, child.at}) {
      const auto wanted = paths.find({child.place, at});
      if (wanted != paths.end()) wanted->second = path_of(node, path, i);
    }
    if (!child.children.empty()) find_paths(child, path_of(node, path, i), paths);
  }
}

}  // namespace

// Of a value of `--set` its key, of a list of users the key that names the list.
std::string Diagnostics::key_without_position(const Found& found) const {
  constexpr std::string_view kSet = "--set ";
  const std::string& place = name_of(found.place);
  if (!place.starts_with(kSet)) return found.place == 0 ? "" : "source.usernames_file";
  return place.substr(kSet.size(), place.find('=') - kSet.size());
}

void Diagnostics::name_keys(const Node& root) {
  Paths paths;
  for (const Found& found : found_) {
    if (found.key.empty() && found.at.line != 0) paths[{found.place, found.at}];
  }
  if (!paths.empty()) find_paths(root, {}, paths);
  for (Found& found : found_) {
    if (!found.key.empty()) continue;
    const auto path = paths.find({found.place, found.at});
    const bool is_known = path != paths.end() && !path->second.empty();
    found.key = is_known ? path->second : key_without_position(found);
  }
}

std::vector<Diagnostic> Diagnostics::take() {
  // A message without a line, such as "and 12 more", comes after those with one.
  const auto order = [](const Found& found) {
    const int line = found.at.line == 0 ? std::numeric_limits<int>::max() : found.at.line;
    return std::tuple(found.place, line, found.at.column);
  };
  std::ranges::stable_sort(found_, {}, order);
  std::vector<Diagnostic> diagnostics;
  diagnostics.reserve(found_.size());
  for (Found& found : std::exchange(found_, {})) {
    diagnostics.push_back({places_[static_cast<std::size_t>(found.place)], found.at.line,
                           found.at.column, std::move(found.message), std::move(found.key),
                           std::move(found.hint)});
  }
  return diagnostics;
}

}  // namespace repopipe
