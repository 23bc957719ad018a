#include "pipeline/command/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "pipeline/base/system.h"
#include "pipeline/base/text.h"
#include "pipeline/command/commands.h"
#include "pipeline/job/load.h"
#include "pipeline/job/suggest.h"

namespace repopipe {
namespace {

std::string exit_code_table() {
  std::string table = "Exit codes:\n";
  for (const ExitCodeMeaning& row : exit_codes()) {
    table += fmt::format("  {:>3}  {}\n", static_cast<int>(row.code), wrapped(row.meaning, 7));
  }
  table += "Finished users are always stored, and the next run resumes an unfinished one.";
  return table;
}

void add_job(CLI::App& command, std::filesystem::path& job, std::vector<std::string>& overrides) {
  command.add_option("JOB", job, "Job file, YAML or JSON")->required();
  command.add_option("--set", overrides, "Overrides a key of the job")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->take_all();
}

void read_shard(const std::string& text, Shard& shard) {
  const auto parsed = parse_shard(text);
  if (!parsed) {
    throw CLI::ValidationError(
        "--shard",
        fmt::format("{} is not I/N, such as 2/3: shard I of N, counted from 1, N up to {}",
                    printable(text), Shard::kMost));
  }
  shard = *parsed;
}

void add_shard(CLI::App& command, Shard& shard) {
  command
      .add_option_function<std::string>(
          "--shard", [&shard](const std::string& text) { read_shard(text, shard); },
          "Only the users of shard I of N, such as 2/3")
      ->type_name("I/N");
}

void add_run(CLI::App& app, RunOptions& run) {
  CLI::App* command = app.add_subcommand("run", "List and store the repositories of a job");
  add_job(*command, run.job, run.overrides);
  add_shard(*command, run.shard);
  command->add_flag("--fresh", run.fresh, "Start a new run, do not resume one");
  command->add_flag("--accept-host", run.accepts_host,
                    "Accept that the API's host name has changed");
  command->add_flag("--dry-run", run.dry_run, "Print what a run would do, and do nothing");
  command->add_flag("-q,--quiet", run.quiet, "Print only warnings and errors");
  const std::map<std::string, ProgressMode> modes{{"auto", ProgressMode::automatic},
                                                  {"always", ProgressMode::always},
                                                  {"never", ProgressMode::never}};
  command->add_option("--progress", run.progress, "Progress line; auto: only on a terminal")
      ->transform(CLI::Transformer(modes).description("auto|always|never"))
      ->transform(CLI::IsMember({"auto", "always", "never"}).description(""))
      ->default_str("auto");
  const std::map<std::string, SummaryForm> forms{{"text", SummaryForm::text},
                                                 {"json", SummaryForm::json}};
  command->add_option("--summary", run.summary, "Text on stderr, or one JSON object on stdout")
      ->transform(CLI::Transformer(forms).description("text|json"))
      ->transform(CLI::IsMember({"text", "json"}).description(""))
      ->default_str("text");
}

void add_compare_of_job(CLI::App& app, CompareOptions& compare) {
  CLI::App* command = add_compare(app, compare);
  add_job(*command, compare.job, compare.overrides);
}

void add_check(CLI::App& app, CheckOptions& check) {
  CLI::App* command = app.add_subcommand("check", "Report every error of a job file");
  add_job(*command, check.job, check.overrides);
  command->add_flag("--online", check.online, "Also request the state of each token");
}

void add_worker(CLI::App& app, WorkerOptions& worker) {
  CLI::App* command = app.add_subcommand("worker", "Fetch and parse for the runs of a queue");
  auto* queue =
      command->add_option("--queue", worker.queue, "redis://HOST:PORT/DATABASE, or env:NAME");
  command->add_option("--token", worker.tokens, "Reference to a token, as in provider.tokens")
      ->type_name("env:NAME")
      ->expected(1)
      ->take_all();
  command->add_option("--base-url", worker.base_url, "The only API that runs may use")
      ->capture_default_str();
  command->add_option("--ca-file", worker.ca_file, "Certificate authorities, as provider.ca_file");
  command->add_option("--processes", worker.processes, "Processes that fetch and parse")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_flag("-q,--quiet", worker.quiet, "Print only warnings and errors");
  auto* socket =
      command->add_option("--socket", worker.socket)->group("");  // for worker processes only
  command->callback([queue, socket] {
    if (queue->count() + socket->count() == 0) throw CLI::RequiredError("--queue");
  });
}

void add_merge(CLI::App& app, MergeOptions& merge) {
  CLI::App* command = app.add_subcommand("merge", "Merge databases, such as those of shards");
  command->add_option("OUT", merge.into, "Database to create or extend")->required();
  command->add_option("IN", merge.from, "Databases to read; they do not change")->required();
  command->add_flag("-q,--quiet", merge.quiet, "Print only warnings and errors");
}

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

Answered refuse(std::string_view mistake) {
  say(fmt::format("repopipe: {}; see repopipe --help\n", mistake));
  return {ExitCode::usage};
}

// Nothing: the options are set.
std::optional<Answered> parse_words(CLI::App& app, std::vector<std::string> words) {
  if (const auto complaint = complaint_about_words(app, words)) return refuse(*complaint);
  try {
    std::ranges::reverse(words);  // CLI11 expects the reverse order
    app.parse(std::move(words));
  } catch (const CLI::Success& asked) {  // --help, --version
    std::ostringstream text;
    app.exit(asked, text, text);
    return Answered{deliver(text.str())};
  } catch (const CLI::ExtrasError&) {
    return refuse(fmt::format("unexpected argument {}", in_quotes(app.remaining(true).front())));
  } catch (const CLI::ParseError& mistake) {
    return refuse(mistake.what());
  }
  return std::nullopt;
}

// The options, unless the value of a `--set` is invalid.
template <class Options>
Command or_malformed(const Options& options) {
  const auto diagnostics = check_form(options.overrides);
  if (diagnostics.empty()) return options;
  print_diagnostics(diagnostics);
  return Answered{ExitCode::usage};
}

}  // namespace

std::string_view version() {
  return REPOPIPE_VERSION;
}

Command parse_command_line(int argc, const char* const* argv) {
  CLI::App app("repopipe lists the repositories of GitHub users into a SQLite database.",
               "repopipe");
  app.set_version_flag("--version", fmt::format("repopipe {}", version()));
  app.footer(exit_code_table());
  app.require_subcommand(0, 1);
  RunOptions run;
  CheckOptions check;
  WorkerOptions worker;
  add_run(app, run);
  add_check(app, check);
  add_worker(app, worker);
  MergeOptions merge;
  add_merge(app, merge);
  CompareOptions compare;
  add_compare_of_job(app, compare);
  const auto words = with_options_for_help({argv + std::min(argc, 1), argv + argc});
  if (const auto answered = parse_words(app, words)) return *answered;
  if (app.got_subcommand("run")) return or_malformed(run);
  if (app.got_subcommand("check")) return or_malformed(check);
  if (app.got_subcommand("worker")) return worker;
  if (app.got_subcommand("merge")) return merge;
  if (app.got_subcommand("compare")) return or_malformed(compare);
  return refuse("no command: expected run, check, worker, merge or compare");
}

}  // namespace repopipe
