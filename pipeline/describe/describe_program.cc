// The walk over the options of CLI11.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "pipeline/describe/program.h"

namespace repopipe {
namespace {

// CLI11 adds the words of an option to the name of its value: "ENUM:auto|always|never".
std::vector<std::string> words_in(const std::string& type) {
  const std::size_t colon = type.rfind(':');
  if (colon == type.npos || type.find('|', colon) == type.npos) return {};
  std::vector<std::string> words;
  std::size_t begin = colon + 1;
  for (std::size_t bar = begin; bar != type.npos; begin = bar + 1) {
    bar = type.find('|', begin);
    words.push_back(type.substr(begin, bar - begin));
    if (bar == type.npos) break;
  }
  return words;
}

// The name of a value without what CLI11 adds: "N:INT in [1 - 64]".  One in lower case, such as
// "env:NAME", is whole.
std::string value_in(const std::string& type) {
  const bool is_whole = !type.empty() && type[0] >= 'a' && type[0] <= 'z';
  return is_whole ? type : type.substr(0, type.find(':'));
}

ValueKind kind_of(const OptionDescription& option) {
  if (option.value.empty()) return ValueKind::none;
  if (!option.words.empty()) return ValueKind::word;
  if (option.value == "JOB") return ValueKind::job_file;
  if (option.value == "PATH=VALUE") return ValueKind::setting;
  if (option.value == "KEY") return ValueKind::key;
  const std::vector<std::string> files{"FILE", "OUT", "IN", "JOB-OR-DB"};
  return std::ranges::count(files, option.value) > 0 ? ValueKind::file : ValueKind::text;
}

OptionDescription describe(const CLI::Option& option) {
  OptionDescription described{.names = {}, .value = {}, .meaning = option.get_description()};
  for (const std::string& name : option.get_lnames()) described.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) described.names.push_back("-" + name);
  const std::string type = option.get_type_name();
  described.words = words_in(type);
  const bool is_flag = option.get_items_expected_max() == 0;
  if (option.get_positional()) {
    described.value = option.get_name();
  } else if (!is_flag) {
    described.value = value_in(type);
  }
  described.default_text = option.get_default_str();
  described.required = option.get_required();
  described.repeated = option.get_expected_max() > 1 ||
                       option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  described.kind = kind_of(described);
  return described;
}

CommandDescription describe(const CLI::App& command) {
  CommandDescription described{.name = command.get_name(), .meaning = command.get_description()};
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    auto& list = option->get_positional() ? described.arguments : described.options;
    list.push_back(describe(*option));
  }
  return described;
}

}  // namespace

ProgramDescription describe_program(const CLI::App& app) {
  ProgramDescription program{.program = describe(app)};
  for (const CLI::App* command : app.get_subcommands({})) {
    program.commands.push_back(describe(*command));
  }
  return program;
}

}  // namespace repopipe
