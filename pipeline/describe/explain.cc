#include "pipeline/describe/explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/text.h"
#include "pipeline/job/document/document.h"
#include "pipeline/model/provider.h"

namespace repopipe {
namespace {

std::string_view section_of(std::string_view path) {
  const std::size_t dot = path.find('.');
  return dot == path.npos ? std::string_view() : path.substr(0, dot);
}

}  // namespace

std::string defaults_of(const JobKey& key) {
  const auto shown = [](const std::string& text) { return text.empty() ? "none" : text; };
  const std::string first = default_of(key, *providers().front());
  std::string text = shown(first);
  for (const Provider* provider : providers().subspan(1)) {
    const std::string other = default_of(key, *provider);
    if (other != first) text += fmt::format("; {} for {}", shown(other), provider->kind);
  }
  return text;
}

std::string example_line(const JobKey& key) {
  const std::string_view section = section_of(key.path);
  const std::string example = example_of(key);
  if (section.empty()) return fmt::format("{}: {}", key.path, example);
  return fmt::format("{}: {{{}: {}}}", section, key.path.substr(section.size() + 1), example);
}

std::string description_of(const JobKey& key) {
  std::string text = fmt::format("{} Takes {}.", key.meaning, expectation(key));
  const std::string defaults = defaults_of(key);
  if (!has_fixed_default(key) || defaults != key.default_text) {
    text += fmt::format(" Default: {}.", defaults);
  }
  return text;
}

bool has_fixed_default(const JobKey& key) {
  return key.path != "name";
}

std::string example_of(const JobKey& key) {
  if (!key.example.empty()) return std::string(key.example);
  const auto* choice = std::get_if<ChoiceForm>(&key.form);
  return std::string(choice == nullptr ? key.default_text : choice->words.back());
}

std::string value_as_json(std::string_view text) {
  Diagnostics ignored;
  const auto node = parse_yaml(text, ignored.add_place({}), ignored);
  return node ? as_json(*node) : "null";
}

std::string explain_key(const JobKey& key) {
  return fmt::format("{}\n  {}\n\n  takes    {}\n  default  {}\n  example  {}\n", key.path,
                     wrapped(key.meaning, 2), wrapped(expectation(key), 11),
                     wrapped(defaults_of(key), 11), example_line(key));
}

std::string explain_keys(std::string_view section) {
  std::size_t width = 0;
  for (const JobKey& key : job_keys()) width = std::max(width, key.path.size());
  std::string text;
  for (const JobKey& key : job_keys()) {
    if (!is_named(key, section)) continue;
    text += fmt::format("{:<{}}  {}\n", key.path, width, wrapped(key.meaning, width + 2));
  }
  return text;
}

bool is_named(const JobKey& key, std::string_view name) {
  return name.empty() || key.path == name || section_of(key.path) == name;
}

}  // namespace repopipe
