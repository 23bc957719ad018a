// Reads the list of transforms of a job file.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "pipeline/base/text.h"
#include "pipeline/job/bind.h"
#include "pipeline/job/suggest.h"

namespace repopipe {
namespace {

std::vector<std::string_view> names_of(std::span<const Transform> rows) {
  std::vector<std::string_view> names;
  for (const Transform& row : rows) names.push_back(row.name);
  return names;
}

bool has_column(const Provider& provider, std::string_view column) {
  return std::ranges::any_of(provider.resources, [column](const Resource* resource) {
    return std::ranges::find(resource->fields, column, &Field::column) != resource->fields.end();
  });
}

// One entry of the list: a name, or a section of one name with its options.
class StepReader {
 public:
  StepReader(std::string path, Binding& binding) : path_(std::move(path)), binding_(binding) {}

  void read(const Node& entry) {
    if (entry.kind == NodeKind::text) return read_step(entry, entry.text, nullptr);
    const bool is_step = entry.kind == NodeKind::section && entry.children.size() == 1;
    if (is_step) return read_step(entry, entry.children[0].key, &entry.children[0]);
    say(entry, fmt::format("{} is {}: expected the name of a transform, as in drop_forks, or one "
                           "name with its options, as in {{keep_columns: {{columns: [name]}}}}",
                           path_, describe(entry)));
  }

 private:
  void read_step(const Node& entry, const std::string& name, const Node* options) {
    const Transform* row = find_transform(name);
    if (row == nullptr) return say_unknown(entry, name);
    if (!row->needs.empty() && !has_column(binding_.provider, row->needs)) {
      return say(entry, fmt::format("{}: {} needs a column {}, which {} does not have", path_, name,
                                    row->needs, binding_.provider.kind));
    }
    step_.name = name;
    if (options != nullptr && options->kind == NodeKind::section) {
      for (const Node& option : options->children) read_option(*row, option);
    } else if (options != nullptr && options->kind != NodeKind::null) {
      good_ = false;
      say(*options, fmt::format("{}.{} is {}: expected a section with {}", path_, name,
                                describe(*options), options_of(*row)));
    }
    if (good_ && !row->options.empty() && step_.columns.empty()) {
      good_ = false;
      say(entry, fmt::format("{}: {} needs {}", path_, name, options_of(*row)));
    }
    if (!good_) return;
    binding_.written[path_] = {entry.place, entry.at};
    binding_.job.transforms.push_back(std::move(step_));
  }

  void say_unknown(const Node& entry, const std::string& name) {
    const std::vector<std::string_view> names = names_of(transforms());
    const std::string_view near = nearest_word(name, names);
    const std::string hint = near.empty() ? std::string() : fmt::format("did you mean {}?", near);
    say(entry,
        fmt::format("{} is {}: expected {}{}{}", path_, describe_name(name), fmt::join(names, ", "),
                    near.empty() ? "" : "; ", hint),
        hint.empty() ? fmt::format("expected {}", fmt::join(names, ", ")) : hint);
  }
  static std::string describe_name(const std::string& name) { return in_quotes(name); }

  static std::string options_of(const Transform& row) {
    if (row.options.empty()) return "no options";
    std::vector<std::string_view> names;
    for (const TransformOption& option : row.options) names.push_back(option.name);
    return fmt::format("{}", fmt::join(names, ", "));
  }

  void read_option(const Transform& row, const Node& option) {
    const std::string path = fmt::format("{}.{}.{}", path_, row.name, option.key);
    const bool is_known =
        std::ranges::find(row.options, option.key, &TransformOption::name) != row.options.end();
    if (!is_known) {
      good_ = false;
      return say(option, fmt::format("unknown key {}: {} has {}", path, row.name, options_of(row)));
    }
    if (!step_.columns.empty()) {
      good_ = false;
      return say(option, fmt::format("{} is given twice", path), "remove one of them");
    }
    if (option.kind != NodeKind::list || option.children.empty()) {
      good_ = false;
      return say(option,
                 fmt::format("{} is {}: expected a list of columns, as in [name, language]", path,
                             option.kind == NodeKind::list ? "an empty list" : describe(option)));
    }
    for (std::size_t i = 0; i < option.children.size(); ++i) {
      read_column(fmt::format("{}[{}]", path, i), option.children[i]);
    }
  }

  void read_column(const std::string& path, const Node& column) {
    const std::string complaint = complaint_about(column);
    if (!complaint.empty()) {
      good_ = false;
      return say(column, fmt::format("{} is {}: {}", path, describe(column), complaint));
    }
    binding_.written[path] = {column.place, column.at};
    step_.columns.push_back(column.text);
  }

  std::string complaint_about(const Node& column) const {
    if (column.kind != NodeKind::text) return "expected the name of a column";
    if (std::ranges::find(step_.columns, column.text) != step_.columns.end()) {
      return "it is named twice";
    }
    if (has_column(binding_.provider, column.text)) return {};
    return fmt::format("{} has no such column; docs/database.md lists them",
                       binding_.provider.kind);
  }

  void say(const Node& node, const std::string& message, const std::string& hint = {}) {
    const Position at = node.at.line == 0 ? node.key_at : node.at;
    binding_.diagnostics.add(node.place, at, message, hint);
  }

  std::string path_;
  Binding& binding_;
  TransformStep step_{};
  bool good_ = true;
};

}  // namespace

void read_transforms(const JobKey& key, const Node& node, Binding& binding) {
  if (node.kind != NodeKind::list) return report_wrong_value(key, node, binding);
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    StepReader(fmt::format("{}[{}]", key.path, i), binding).read(node.children[i]);
  }
}

}  // namespace repopipe
