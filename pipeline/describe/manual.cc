#include "pipeline/describe/manual.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"
#include "pipeline/describe/explain.h"
#include "pipeline/job/job_keys.h"
#include "pipeline/model/transform.h"

namespace repopipe {

std::string for_scdoc(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (std::string_view("\\*_+`").find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  return safe;
}

std::string manual_entry(std::string_view term, std::string_view text) {
  return fmt::format("{}\n\t{}\n\n", term, text);
}

namespace {

std::string bold(std::string_view text) {
  return fmt::format("*{}*", for_scdoc(text));
}

std::string underlined(std::string_view text) {
  return fmt::format("_{}_", for_scdoc(text));
}

std::string section(std::string_view title, std::string_view text) {
  if (text.empty()) return {};
  return fmt::format("# {}\n\n{}\n\n", title, text);
}

std::string sections(std::span<const ManualSection> all) {
  std::string text;
  for (const ManualSection& each : all) text += section(each.title, each.text);
  return text;
}

// "NAME - meaning", the form that apropos(1) reads.
std::string head(std::string_view name, int number, std::string_view meaning) {
  std::string line(meaning);
  if (line.starts_with(fmt::format("{} ", name))) line.erase(0, name.size() + 1);
  while (line.ends_with('.')) line.pop_back();
  line.replace(0, 1, fold_case(line.substr(0, 1)));
  return fmt::format("{}({})\n\n", name, number) +
         section("NAME", fmt::format("{} - {}", name, for_scdoc(line)));
}

// The name of a value as in the synopsis: "auto|always|never" for words.
std::string value_name(const OptionDescription& option) {
  if (option.words.empty()) return option.value;
  return fmt::format("{}", fmt::join(option.words, "|"));
}

std::string option_term(const OptionDescription& option) {
  std::vector<std::string> names;
  names.reserve(option.names.size());
  for (const std::string& name : option.names) names.push_back(bold(name));
  const std::string all = fmt::format("{}", fmt::join(names, ", "));
  if (option.names.empty()) return underlined(option.value);
  if (option.kind == ValueKind::none) return all;
  return fmt::format("{} {}", all, underlined(value_name(option)));
}

std::string option_text(const OptionDescription& option) {
  std::string text = for_scdoc(option.meaning);
  if (!text.ends_with('.')) text += '.';
  if (option.names.empty() && !option.words.empty()) {
    text += fmt::format(" One of {}.", for_scdoc(fmt::format("{}", fmt::join(option.words, ", "))));
  }
  const bool says_so = option.meaning.find("repeatable") != std::string::npos;
  if (option.repeated && !option.names.empty() && !says_so) text += " May be given several times.";
  if (!option.default_text.empty()) {
    text += fmt::format(" Default: {}.", for_scdoc(option.default_text));
  }
  return text;
}

std::string entries(const std::vector<OptionDescription>& options) {
  std::string text;
  for (const OptionDescription& option : options) {
    text += manual_entry(option_term(option), option_text(option));
  }
  return text;
}

// "*repopipe run* [_OPTIONS_] _JOB_".
std::string synopsis(std::string_view words, const CommandDescription& command) {
  std::string line = bold(words);
  for (const OptionDescription& option : command.options) {
    if (option.required) line += fmt::format(" {}", option_term(option));
  }
  line += " [_OPTIONS_]";
  for (const OptionDescription& argument : command.arguments) {
    const std::string name = underlined(argument.value) + (argument.repeated ? "..." : "");
    line += argument.required ? " " + name : fmt::format(" [{}]", name);
  }
  return line;
}

std::string exit_status() {
  std::string text;
  for (const ExitCodeMeaning& row : exit_codes()) {
    text += manual_entry(fmt::format("*{}*", static_cast<int>(row.code)),
                         fmt::format("{}.", for_scdoc(row.meaning)));
  }
  return text;
}

const CommandNotes& notes_of(std::string_view command) {
  static constexpr CommandNotes kNone{};
  const auto all = command_notes();
  const auto found = std::ranges::find(all, command, &CommandNotes::command);
  return found == all.end() ? kNone : *found;
}

std::string literal(std::string_view lines) {
  return lines.empty() ? std::string() : fmt::format("```\n{}\n```", for_scdoc(lines));
}

ManualPage page_of(const CommandDescription& command) {
  const CommandNotes& notes = notes_of(command.name);
  const std::string name = fmt::format("repopipe-{}", command.name);
  std::string status = "*0*\n\tsuccess.\n\n*64*\n\twrong command line.\n\n";
  status += fmt::format("{}\n\n", notes.exit_status);
  std::string more;
  if (!notes.see_also.empty()) more = fmt::format(", {}", notes.see_also);
  std::string text = head(name, 1, command.meaning);
  text += section("SYNOPSIS", synopsis(fmt::format("repopipe {}", command.name), command));
  text += section("DESCRIPTION", notes.description);
  text += section("ARGUMENTS", entries(command.arguments));
  text += section("OPTIONS", entries(command.options));
  text += section("EXIT STATUS", status + "*repopipe*(1) lists all exit codes.");
  text += section("EXAMPLES", literal(notes.examples));
  text += section("SEE ALSO", "*repopipe*(1)" + more);
  return {.name = name, .section = 1, .text = std::move(text)};
}

std::string command_list(const ProgramDescription& program) {
  std::string text;
  for (const CommandDescription& command : program.commands) {
    text += manual_entry(fmt::format("*repopipe-{}*(1)", command.name),
                         fmt::format("{}.", for_scdoc(command.meaning)));
  }
  return text;
}

ManualPage page_of(const ProgramDescription& program, std::span<const ManualSection> further) {
  std::string also = "*repopipe-job*(5), *repopipe-simulator*(1)";
  for (const CommandDescription& command : program.commands) {
    also += fmt::format(", *repopipe-{}*(1)", command.name);
  }
  std::string text = head("repopipe", 1, program.program.meaning);
  text += section("SYNOPSIS", "*repopipe* _COMMAND_ [_OPTIONS_] [_ARGUMENTS_]");
  const auto notes = notes_of_program();
  text += sections(notes.first(1));
  text += section("COMMANDS", command_list(program));
  text += section("OPTIONS", entries(program.program.options));
  text += section("EXIT STATUS", exit_status());
  text += sections(further);
  text += sections(notes.subspan(1));
  text += section("SEE ALSO", also);
  return {.name = "repopipe", .section = 1, .text = std::move(text)};
}

std::string_view group_of(const JobKey& key) {
  return key.path.substr(0, key.path.find('.'));
}

std::string key_entry(const JobKey& key) {
  const std::string text = fmt::format("{} Takes {}. Default: {}.\n\n\tExample: {}",
                                       for_scdoc(key.meaning), for_scdoc(expectation(key)),
                                       for_scdoc(defaults_of(key)), for_scdoc(example_line(key)));
  return manual_entry(bold(key.path), text);
}

std::string key_entries() {
  std::string text;
  std::string_view group;
  for (const JobKey& key : job_keys()) {
    if (group_of(key) != group) {
      group = group_of(key);
      text += fmt::format("## {}\n\n", group);
    }
    text += key_entry(key);
  }
  return text;
}

std::string transform_entries() {
  std::string text;
  for (const Transform& transform : transforms()) {
    std::string meaning = for_scdoc(transform.meaning);
    for (const TransformOption& option : transform.options) {
      meaning +=
          fmt::format(" Option *{}*: {}.", for_scdoc(option.name), for_scdoc(option.meaning));
    }
    text += manual_entry(bold(transform.name), meaning);
  }
  return text;
}

ManualPage page_of_job() {
  const auto notes = notes_of_job();
  std::string text = head("repopipe-job", 5, "job file of repopipe");
  text += sections(notes.first(1));
  text += section("KEYS", key_entries());
  text += section("TRANSFORMS", transform_entries());
  text += sections(notes.subspan(1));
  text += section("SEE ALSO",
                  "*repopipe*(1), *repopipe-init*(1), *repopipe-explain*(1), "
                  "*repopipe-check*(1), *repopipe-run*(1)");
  return {.name = "repopipe-job", .section = 5, .text = std::move(text)};
}

}  // namespace

std::vector<ManualPage> manual_pages(const ProgramDescription& program,
                                     std::span<const ManualSection> further) {
  std::vector<ManualPage> pages;
  pages.reserve(program.commands.size() + 2);
  pages.push_back(page_of(program, further));
  for (const CommandDescription& command : program.commands) pages.push_back(page_of(command));
  pages.push_back(page_of_job());
  return pages;
}

ManualPage manual_page(const CommandDescription& program, std::span<const ManualSection> notes) {
  std::string text = head(program.name, 1, program.meaning);
  text += section("SYNOPSIS", synopsis(program.name, program));
  text += sections(notes.first(1));
  text += section("OPTIONS", entries(program.options));
  text += sections(notes.subspan(1));
  text += section("SEE ALSO", "*repopipe*(1)");
  return {.name = program.name, .section = 1, .text = std::move(text)};
}

}  // namespace repopipe
