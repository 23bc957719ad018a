#include <fmt/format.h>
#include <fmt/ranges.h>

#include "pipeline/describe/program.h"
#include "pipeline/job/job_keys.h"

namespace repopipe {
namespace {

// For single quotes of a shell.
std::string for_shell(std::string_view text) {
  std::string safe = "'";
  for (const char c : text) safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return safe + "'";
}

// "fetch.concurrency=": a key as the beginning of a setting; "fetch.engine=threads": a whole one.
std::vector<std::string> settings() {
  std::vector<std::string> all;
  for (const JobKey& key : job_keys()) {
    const auto* choice = std::get_if<ChoiceForm>(&key.form);
    if (choice == nullptr) {
      all.push_back(fmt::format("{}=", key.path));
      continue;
    }
    for (const std::string_view word : choice->words) {
      all.push_back(fmt::format("{}={}", key.path, word));
    }
  }
  return all;
}

std::vector<std::string> keys() {
  std::vector<std::string> all;
  for (const JobKey& key : job_keys()) all.emplace_back(key.path);
  return all;
}

std::vector<std::string> names_of(const std::vector<CommandDescription>& commands) {
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const CommandDescription& command : commands) names.push_back(command.name);
  return names;
}

// The words that complete a value; empty: files, or nothing.
std::vector<std::string> words_of(const OptionDescription& option,
                                  const ProgramDescription& program) {
  switch (option.kind) {
    case ValueKind::word:
      return option.words;
    case ValueKind::setting:
      return settings();
    case ValueKind::key:
      return keys();
    case ValueKind::command:
      return names_of(program.commands);
    case ValueKind::none:
    case ValueKind::text:
    case ValueKind::file:
    case ValueKind::job_file:
      return {};
  }
  return {};
}

std::vector<std::string> names_of(const std::vector<OptionDescription>& options) {
  std::vector<std::string> names;
  for (const OptionDescription& option : options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names;
}

// bash: one case per command, with a case per option before the cursor.

std::string reply_of_bash(const OptionDescription& value, const ProgramDescription& program) {
  if (value.kind == ValueKind::job_file) return "_repopipe_jobs";
  if (value.kind == ValueKind::file) return "_repopipe_files";
  const auto words = words_of(value, program);
  if (words.empty()) return ":";
  const bool is_setting = value.kind == ValueKind::setting;
  return fmt::format("{} {}", is_setting ? "_repopipe_settings" : "_repopipe_words",
                     for_shell(fmt::format("{}", fmt::join(words, " "))));
}

std::string case_of_bash(const CommandDescription& command, const ProgramDescription& program) {
  std::string text = fmt::format("    {})\n      case $before in\n", command.name);
  for (const OptionDescription& option : command.options) {
    if (option.kind == ValueKind::none) continue;
    text += fmt::format("        {}) {}; return ;;\n", fmt::join(option.names, "|"),
                        reply_of_bash(option, program));
  }
  text += fmt::format("      esac\n      case $word in\n        -*) _repopipe_words {} ;;\n",
                      for_shell(fmt::format("{}", fmt::join(names_of(command.options), " "))));
  if (!command.arguments.empty()) {
    text += fmt::format("        *) {} ;;\n", reply_of_bash(command.arguments.front(), program));
  }
  return text + "      esac\n      ;;\n";
}

constexpr std::string_view kBashBegin =
    R"(# bash completion of repopipe; written by `repopipe completion bash`.
_repopipe_words() { local IFS=$' \n'; COMPREPLY=($(compgen -W "$1" -- "$word")); }
_repopipe_files() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$word"))
}
_repopipe_jobs() {
  local IFS=$'\n' name
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -d -- "$word"))
  for name in yaml yml json; do COMPREPLY+=($(compgen -f -X "!*.$name" -- "$word")); done
}
_repopipe_settings() { compopt -o nospace 2>/dev/null; _repopipe_words "$1"; }
_repopipe() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= each
  COMPREPLY=()
  if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi
  for each in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $each in -*) ;; *) command=$each; break ;; esac
  done
)";

std::string bash(const ProgramDescription& program) {
  std::string text = std::string(kBashBegin) + "  case $before in\n";
  for (const JobKey& key : job_keys()) {
    if (const auto* choice = std::get_if<ChoiceForm>(&key.form)) {
      text += fmt::format("    {}) _repopipe_words {}; return ;;\n", key.path,
                          for_shell(fmt::format("{}", fmt::join(choice->words, " "))));
    }
  }
  text += "  esac\n  case $command in\n";
  for (const CommandDescription& command : program.commands) text += case_of_bash(command, program);
  std::vector<std::string> first = names_of(program.commands);
  for (const std::string& name : names_of(program.program.options)) first.push_back(name);
  text += fmt::format("    '') _repopipe_words {} ;;\n",
                      for_shell(fmt::format("{}", fmt::join(first, " "))));
  return text + "  esac\n}\ncomplete -F _repopipe repopipe\n";
}

// zsh: specifications of _arguments (zshcompsys(1)).

// Escapes the marks of a specification.
std::string in_spec(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (std::string_view("[]:\\").find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  return safe;
}

std::string action_of_zsh(const OptionDescription& value, const ProgramDescription& program) {
  if (value.kind == ValueKind::file) return "_files";
  if (value.kind == ValueKind::job_file) {
    return "_files -g \"*.(yaml|yml|json)\"";
  }
  const auto words = words_of(value, program);
  if (words.empty()) return " ";
  if (value.kind == ValueKind::setting) {
    return fmt::format("{{compadd -S \"\" -- {}}}", fmt::join(words, " "));
  }
  return fmt::format("({})", fmt::join(words, " "));
}

std::string spec_of_zsh(const OptionDescription& option, const std::string& name,
                        const ProgramDescription& program) {
  const std::string meaning = in_spec(option.meaning);
  if (option.names.empty()) {
    return for_shell(fmt::format("{}:{}:{}",
                                 option.repeated   ? "*"
                                 : option.required ? ""
                                                   : ":",
                                 in_spec(option.value), action_of_zsh(option, program)));
  }
  const std::string head = fmt::format("{}{}[{}]", option.repeated ? "*" : "", name, meaning);
  if (option.kind == ValueKind::none) return for_shell(head);
  return for_shell(
      fmt::format("{}:{}:{}", head, in_spec(option.value), action_of_zsh(option, program)));
}

std::string specs_of_zsh(const CommandDescription& command, const ProgramDescription& program) {
  std::string text;
  for (const OptionDescription& option : command.options) {
    for (const std::string& name : option.names) {
      text += fmt::format(" \\\n        {}", spec_of_zsh(option, name, program));
    }
  }
  for (const OptionDescription& argument : command.arguments) {
    text += fmt::format(" \\\n        {}", spec_of_zsh(argument, "", program));
  }
  return text;
}

std::string zsh(const ProgramDescription& program) {
  std::string text =
      "#compdef repopipe\n# zsh completion of repopipe; written by `repopipe completion zsh`.\n"
      "_repopipe() {\n  local -a commands=(\n";
  for (const CommandDescription& command : program.commands) {
    text += fmt::format("    {}\n",
                        for_shell(fmt::format("{}:{}", command.name, in_spec(command.meaning))));
  }
  text += fmt::format(
      "  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    compadd -- {}\n"
      "    return\n  fi\n  local command=$words[2]\n  shift words\n  (( CURRENT-- ))\n"
      "  case $command in\n",
      fmt::join(names_of(program.program.options), " "));
  for (const CommandDescription& command : program.commands) {
    text += fmt::format("    {})\n      _arguments -s{} ;;\n", command.name,
                        specs_of_zsh(command, program));
  }
  return text +
         "  esac\n}\n"
         "if [ \"$funcstack[1]\" = _repopipe ]; then _repopipe \"$@\"; else compdef _repopipe "
         "repopipe; fi\n";
}

// fish: one line per option (complete(1)).

std::string option_of_fish(const OptionDescription& option, const ProgramDescription& program,
                           std::string_view condition) {
  std::string text = fmt::format("complete -c repopipe -n {}", for_shell(condition));
  for (const std::string& name : option.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (option.kind == ValueKind::job_file) {
    text +=
        R"( -k -a '(__fish_complete_suffix .yaml; __fish_complete_suffix .yml; __fish_complete_suffix .json)')";
  } else if (option.kind == ValueKind::file) {
    text += option.names.empty() ? " -F" : " -r -F";
  } else if (const auto words = words_of(option, program); !words.empty()) {
    text += fmt::format(" -x -a {}", for_shell(fmt::format("{}", fmt::join(words, " "))));
  } else if (option.kind != ValueKind::none) {
    text += " -x";
  }
  return text + fmt::format(" -d {}\n", for_shell(option.meaning));
}

std::string fish(const ProgramDescription& program) {
  std::string text =
      "# fish completion of repopipe; written by `repopipe completion fish`.\n"
      "complete -c repopipe -f\n";
  for (const CommandDescription& command : program.commands) {
    text += fmt::format("complete -c repopipe -n __fish_use_subcommand -a {} -d {}\n", command.name,
                        for_shell(command.meaning));
  }
  for (const OptionDescription& option : program.program.options) {
    text += option_of_fish(option, program, "__fish_use_subcommand");
  }
  for (const CommandDescription& command : program.commands) {
    const std::string condition = "__fish_seen_subcommand_from " + command.name;
    for (const OptionDescription& option : command.options) {
      text += option_of_fish(option, program, condition);
    }
    if (!command.arguments.empty()) {
      text += option_of_fish(command.arguments.front(), program, condition);
    }
  }
  return text;
}

}  // namespace

std::string completion_script(std::string_view shell, const ProgramDescription& program) {
  if (shell == "bash") return bash(program);
  return shell == "zsh" ? zsh(program) : fish(program);
}

}  // namespace repopipe
