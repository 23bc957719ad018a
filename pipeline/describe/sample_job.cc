#include "pipeline/describe/sample_job.h"

#include <fmt/format.h>

#include <string_view>

#include "pipeline/base/text.h"
#include "pipeline/describe/explain.h"
#include "pipeline/job/document/document.h"
#include "pipeline/job/job_keys.h"
#include "pipeline/model/provider.h"

namespace repopipe {
namespace {

std::string in_yaml(const std::string& text) {
  return as_json(Node{.kind = NodeKind::text, .text = text});
}

// yaml-language-server reads the first line, IntelliJ the second.
std::string modelines(const std::string& schema) {
  return fmt::format(
      "# yaml-language-server: $schema={0}\n# $schema: {0}\n"
      "# Editors check and complete this file with that schema; `repopipe schema` prints it.\n"
      "# `repopipe explain KEY` describes a key, `repopipe check` checks the file.\n",
      schema);
}

// The value of a key that the file sets; empty: the key is a comment.
std::string set_value(const JobKey& key, const SampleJob& sample) {
  if (key.path == "source.usernames" && sample.users_file.empty()) return "[octocat]";
  if (key.path == "source.usernames_file" && !sample.users_file.empty()) {
    return in_yaml(sample.users_file);
  }
  if (key.path == "store.database" || key.path == "run.deadline") {
    return std::string(key.default_text);
  }
  return {};
}

// Keys that a short file has as a comment, with an example.
bool is_shown(const JobKey& key) {
  return key.path == "provider.tokens";
}

class Writer {
 public:
  explicit Writer(const SampleJob& sample) : sample_(sample) {}

  std::string write() {
    text_ = modelines(sample_.schema);
    for (const JobKey& key : job_keys()) add(key);
    return std::move(text_);
  }

 private:
  void add(const JobKey& key) {
    const std::string value = set_value(key, sample_);
    if (value.empty() && !sample_.full && !is_shown(key)) return;
    const std::size_t dot = key.path.find('.');
    const std::string_view section = dot == key.path.npos ? "" : key.path.substr(0, dot);
    if (section != section_ || section.empty()) text_ += "\n";
    if (section != section_ && !section.empty()) text_ += fmt::format("{}:\n", section);
    section_ = section;
    const std::string_view indent = section.empty() ? "" : "  ";
    const std::string_view leaf = section.empty() ? key.path : key.path.substr(dot + 1);
    add_meaning(key, indent);
    text_ += fmt::format("{}{}{}: {}\n", indent, value.empty() ? "# " : "", leaf,
                         value.empty() ? comment_value(key) : value);
  }

  void add_meaning(const JobKey& key, std::string_view indent) {
    if (!sample_.full && !is_shown(key)) return;
    const std::string words = fmt::format("{} Takes {}.", key.meaning, expectation(key));
    std::string lines = wrapped(words, indent.size() + 2);
    const std::string begin = fmt::format("{}# ", indent);
    const std::string blanks = "\n" + std::string(indent.size() + 2, ' ');
    for (auto at = lines.find(blanks); at != lines.npos; at = lines.find(blanks, at + 1)) {
      lines.replace(at + 1, blanks.size() - 1, begin);
    }
    text_ += begin + lines + "\n";
  }

  static std::string comment_value(const JobKey& key) {
    const bool is_example = is_shown(key) || !has_fixed_default(key);
    return is_example ? example_of(key) : default_of(key, *providers().front());
  }

  const SampleJob& sample_;
  std::string text_;
  std::string_view section_;
};

}  // namespace

std::string sample_job(const SampleJob& sample) {
  return Writer(sample).write();
}

}  // namespace repopipe
