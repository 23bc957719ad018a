#include "pipeline/command/unknown_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "pipeline/base/text.h"
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

// "; did you mean X?", or nothing.
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

}  // namespace

std::vector<std::string> with_options_for_help(std::vector<std::string> words) {
  if (words.empty() || (words[0] != "help" && words[0] != "version")) return words;
  const std::string option = "--" + words[0];
  words.erase(words.begin());
  const bool is_of_command = option == "--help" && !words.empty();
  if (is_of_command) return {words[0], option};
  words.insert(words.begin(), option);
  return words;
}

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

}  // namespace repopipe
