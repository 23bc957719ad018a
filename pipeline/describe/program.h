// The commands and options of the program as values, and the completions of shells that follow from
// them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace repopipe {

// What the value of an option or an argument names.
enum class ValueKind {
  none,      // the option is a flag
  text,      // anything
  word,      // one of `words`
  file,      // a path
  job_file,  // a path of a job file
  setting,   // KEY=VALUE of a job file
  key,       // a key of a job file
  command,   // a command of the program
};

struct OptionDescription {
  std::vector<std::string> names;  // "--quiet", "-q"; empty: an argument
  std::string value;               // its name in help, "PATH=VALUE"; empty: a flag
  std::string meaning;             // one line
  std::string default_text{};      // empty: none
  ValueKind kind = ValueKind::text;
  std::vector<std::string> words{};
  bool required = false;
  bool repeated = false;  // may be given several times
};

struct CommandDescription {
  std::string name;  // of the program, or "run"
  std::string meaning;
  std::vector<OptionDescription> options{};    // in the order of --help
  std::vector<OptionDescription> arguments{};  // in their order
};

struct ProgramDescription {
  CommandDescription program;  // options without a command
  std::vector<CommandDescription> commands{};
};

// Hidden options are left out.
ProgramDescription describe_program(const CLI::App& app);

inline constexpr std::string_view kShells[] = {"bash", "zsh", "fish"};

// The completion script for a shell of kShells; it completes commands, options, job files, the keys
// of --set and words.
std::string completion_script(std::string_view shell, const ProgramDescription& program);

}  // namespace repopipe
