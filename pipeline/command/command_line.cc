#include "pipeline/command/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "pipeline/base/system.h"
#include "pipeline/base/text.h"
#include "pipeline/command/commands.h"
#include "pipeline/command/options.h"
#include "pipeline/describe/program.h"
#include "pipeline/job/load.h"
#include "pipeline/job/suggest.h"

namespace repopipe {
namespace {

std::vector<std::string> names_of_commands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
  const auto all =
      app.get_subcommands([&](const CLI::App* each) { return each->get_name() == name; });
  return all.empty() ? nullptr : all.front();
}

std::vector<std::string> names_of_options(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// "; did you mean X?", or empty.
std::string guess(const std::string& word, const std::vector<std::string>& names) {
  const std::vector<std::string_view> words(names.begin(), names.end());
  const std::string_view nearest = nearest_word(word, words, Reach::far);
  return nearest.empty() ? std::string() : fmt::format("; did you mean {}?", nearest);
}

std::string complaint_about_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names = names_of_commands(app);
  const std::string expected = fmt::format("{}", fmt::join(names, ", "));
  names.insert(names.end(), {"help", "version"});
  const std::string guessed = guess(word, names);
  return fmt::format("there is no command {}{}", in_quotes(word),
                     guessed.empty() ? "; expected one of " + expected : guessed);
}

bool is_about_secrets(std::string_view name) {
  return std::ranges::any_of(
      std::vector<std::string_view>{"token", "password", "secret", "auth"},
      [name](std::string_view word) { return name.find(word) != name.npos; });
}

std::string complaint_about_option(const CLI::App& command, const std::string& name) {
  const std::string who = command.get_parent() == nullptr ? "repopipe" : command.get_name();
  const std::string begin = fmt::format("{} has no option {}", who, shown_key(name));
  if (is_about_secrets(name)) {
    return begin + (who == "worker" ? "; a token is named by --token env:NAME"
                                    : "; a token is named in the job: provider.tokens: "
                                      "[\"env:NAME\"]");
  }
  return begin + guess(name, names_of_options(command));
}

// `words`: the command line without the program's name.  Replaces `help`, `help COMMAND` and
// `version` by options.
std::vector<std::string> with_options_for_help(std::vector<std::string> words) {
  if (words.empty() || (words[0] != "help" && words[0] != "version")) return words;
  const std::string option = "--" + words[0];
  words.erase(words.begin());
  const bool is_of_command = option == "--help" && !words.empty();
  if (is_of_command) return {words[0], option};
  words.insert(words.begin(), option);
  return words;
}

// A message about the first unknown command or option, with the nearest known one.  It never
// contains the value of an option, which may be a token.  Nothing: all are known.
std::optional<std::string> complaint_about_words(const CLI::App& app,
                                                 const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  for (const std::string& word : words) {
    if (word == "--") return std::nullopt;
    if (word.starts_with("--")) {
      const std::string name = word.substr(0, word.find('='));
      if (command->get_option_no_throw(name) == nullptr) {
        return complaint_about_option(*command, name);
      }
    } else if (command == &app && !word.starts_with('-')) {
      const CLI::App* named = find_command(app, word);
      if (named == nullptr) return complaint_about_command(app, word);
      command = named;
    }
  }
  return std::nullopt;
}

// The first word behind the command that names a file; empty: none does.
std::filesystem::path job_in(const std::vector<std::string>& words) {
  const auto found = std::find_if(words.begin() + 1, words.end(), [](const std::string& word) {
    std::error_code ignored;
    return !word.starts_with('-') && std::filesystem::is_regular_file(word, ignored);
  });
  return found == words.end() ? std::filesystem::path() : std::filesystem::path(*found);
}

// `words`: the command line without the program's name.
Command refuse(const std::vector<std::string>& words, std::string mistake) {
  if (!words.empty() && words[0] == "run") {
    return RefusedRun{job_in(words), {{FailureKind::usage, std::move(mistake)}}};
  }
  say(fmt::format("repopipe: {}; see repopipe --help\n", mistake));
  return Answered{ExitCode::usage};
}

// The first option or argument whose value is empty, as from an unset variable of a shell.  `--set`
// is checked by check_form.
std::optional<std::string> empty_option(const CLI::App& app) {
  for (const CLI::App* command : app.get_subcommands()) {
    for (const CLI::Option* option : command->get_options()) {
      const bool is_empty = std::ranges::count(option->results(), std::string()) > 0;
      if (is_empty && option->get_name() != "--set") return option->get_name();
    }
  }
  return std::nullopt;
}

// Nothing: the options are set.
std::optional<Command> parse_words(CLI::App& app, const std::vector<std::string>& words) {
  if (const auto complaint = complaint_about_words(app, words)) return refuse(words, *complaint);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11: reversed
  } catch (const CLI::Success& asked) {                                 // --help, --version
    std::ostringstream text;
    app.exit(asked, text, text);
    return Answered{deliver(text.str())};
  } catch (const CLI::ExtrasError&) {
    return refuse(words, "unexpected argument " + in_quotes(app.remaining(true).front()));
  } catch (const CLI::ParseError& mistake) {
    return refuse(words, mistake.what());
  }
  if (const auto empty = empty_option(app)) return refuse(words, *empty + " is empty");
  return std::nullopt;
}

// The options, unless the value of a `--set` is invalid.
template <class Options>
Command or_malformed(const Options& options, const std::vector<std::string>& overrides) {
  const auto diagnostics = check_form(overrides);
  if (diagnostics.empty()) return options;
  print_diagnostics(diagnostics);
  return Answered{ExitCode::usage};
}

Command run_or_malformed(const RunOptions& options) {
  const auto diagnostics = check_form(options.overrides);
  if (diagnostics.empty()) return options;
  RefusedRun refused{options.job, {}};
  refused.failures.reserve(diagnostics.size());
  for (const Diagnostic& each : diagnostics) {
    refused.failures.push_back({FailureKind::usage, each.show()});
  }
  return refused;
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  CommandLine line;
  const auto words = with_options_for_help({argv + std::min(argc, 1), argv + argc});
  if (const auto answered = parse_words(line.app, words)) return *answered;
  if (line.app.got_subcommand("run")) return run_or_malformed(line.run);
  if (line.app.got_subcommand("plan")) return or_malformed(line.plan, line.plan.run.overrides);
  if (line.app.got_subcommand("check")) return or_malformed(line.check, line.check.overrides);
  if (line.app.got_subcommand("worker")) return line.worker;
  if (line.app.got_subcommand("merge")) return line.merge;
  if (line.app.got_subcommand("prune")) return line.prune;
  if (line.app.got_subcommand("compact")) return line.compact;
  if (line.app.got_subcommand("compare")) return or_malformed(line.compare, line.compare.overrides);
  if (line.app.got_subcommand("status")) return line.status;
  if (line.app.got_subcommand("report")) return line.report;
  if (line.app.got_subcommand("explain")) return or_malformed(line.explain, line.explain.overrides);
  if (line.app.got_subcommand("init")) return line.init;
  if (line.app.got_subcommand("schema")) return Answered{schema()};
  if (line.app.got_subcommand("completion")) {
    return Answered{deliver(completion_script(line.shell, describe_program(line.app)))};
  }
  return refuse(words, fmt::format("no command: expected one of {}",
                                   fmt::join(names_of_commands(line.app), ", ")));
}

}  // namespace repopipe
