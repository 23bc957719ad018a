#include "pipeline/job/bind.h"

#include <fmt/format.h>

#include <map>
#include <string_view>

#include "pipeline/base/text.h"
#include "pipeline/job/suggest.h"

namespace repopipe {
namespace {

std::string path_of(const std::string& section, const std::string& key) {
  return section.empty() ? key : section + "." + key;
}

std::string shown_path(const std::string& section, const std::string& key) {
  return path_of(section, shown_key(key));
}

void report_unknown(const std::string& section, const Node& node, Binding& binding) {
  std::string message = fmt::format("unknown key {}", shown_path(section, node.key));
  const std::string near = nearest_key(path_of(section, node.key));
  if (node.key == "<<") {
    message += ": merge keys are not taken";
  } else if (!near.empty()) {
    message += fmt::format(": did you mean {}?", near);
  } else if (section.empty()) {
    message += fmt::format(": a job file has {}", known_subjects({}));
  } else {
    message += fmt::format(": {} has {}", section, known_subjects(section));
  }
  binding.diagnostics.add(node.place, node.key_at, message);
}

void bind_section(const std::string& section, const Node& node, Binding& binding);

void bind_entry(const std::string& section, const Node& node, Binding& binding) {
  const std::string path = path_of(section, node.key);
  if (const JobKey* key = find_key(path)) {
    if (node.kind == NodeKind::null) return;
    binding.written[path] = {node.place, node.at};
    read_value(*key, node, binding);
  } else if (!is_section(path)) {
    report_unknown(section, node, binding);
  } else if (node.kind == NodeKind::section) {
    bind_section(path, node, binding);
  } else if (node.kind != NodeKind::null) {
    binding.diagnostics.add(node.place, node.at,
                            fmt::format("{} is {}: expected a section with {}", path,
                                        describe(node), known_subjects(path)));
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
    binding.diagnostics.add(child.place, child.key_at, message);
  }
}

}  // namespace

void bind(const Node& root, Binding& binding) {
  bind_section({}, root, binding);
}

}  // namespace repopipe
