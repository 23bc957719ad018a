#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <fstream>
#include <thread>

#include "pipeline/base/secrets.h"
#include "pipeline/base/system.h"
#include "pipeline/command/commands.h"
#include "pipeline/compare/compared_text.h"
#include "pipeline/compare/comparison.h"
#include "pipeline/compare/html_page.h"
#include "pipeline/compare/way.h"
#include "pipeline/job/load.h"
#include "pipeline/model/provider.h"
#include "pipeline/source/subject_source.h"
#include "pipeline/source/usernames.h"

namespace repopipe {
namespace {

// A validator of CLI11: the returned text is the error, which CLI11 prefixes with the option.
std::string way_or_complaint(const std::string& name) {
  if (find_way(name)) return {};
  return "there is no way " + name + "; there are " + names_of_ways();
}

CLI::Validator whole(int least, int most) {
  const std::string range = std::to_string(least) + " to " + std::to_string(most);
  return CLI::Validator(
      [=](std::string& text) {
        int number = 0;
        const bool is_whole = CLI::detail::lexical_cast(text, number);
        if (is_whole && number >= least && number <= most) return std::string();
        return text + " is not a whole number from " + range;
      },
      "");
}

}  // namespace

CLI::App* add_compare(CLI::App& app, CompareOptions& compare) {
  CLI::App* command = app.add_subcommand("compare", "Measure the ways to run a job");
  command
      ->add_option("--concurrency", compare.concurrencies,
                   "Concurrent requests; default: the job's")
      ->type_name("N,...")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->check(whole(1, 1000));
  command->add_option("--ways", compare.ways, "Only these ways; default: all")
      ->type_name("WAY,...")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->check(CLI::Validator(way_or_complaint, ""));
  command->add_option("--repeat", compare.repeats, "Runs per way; the best one counts")
      ->type_name("N")
      ->check(whole(1, 100));
  command
      ->add_option("--processes", compare.processes, "Worker processes; default: one per processor")
      ->type_name("N")
      ->check(whole(2, 64));
  command->add_option("--queue", compare.queue, "Address of a queue; adds the way queue")
      ->type_name("URL");
  command
      ->add_option("--workers", compare.workers,
                   "Workers to start; 0: use running ones; default: 2")
      ->type_name("N")
      ->check(whole(0, 64));
  command->add_option("--html", compare.html, "Also write a page with charts")->type_name("FILE");
  command->add_flag("--json", compare.json, "One JSON object on stdout instead of the table");
  return command;
}

namespace {

int processors() {
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

// An error in the combination of options; empty: none.
std::string complaint_about(const CompareOptions& options) {
  const bool asks_queue = std::ranges::count(options.ways, name_of(Way::queue)) > 0;
  if (asks_queue && options.queue.empty()) {
    return "--ways queue needs --queue redis://HOST";
  }
  if (!options.queue.empty() && !options.ways.empty() && !asks_queue) {
    return "--queue is unused unless --ways contains queue";
  }
  return {};
}

std::vector<Way> ways_of(const CompareOptions& options) {
  std::vector<Way> chosen;
  for (const std::string& name : options.ways) chosen.push_back(*find_way(name));
  if (!chosen.empty()) return chosen;
  for (const WayEntry& entry : ways()) {
    if (entry.way != Way::queue || !options.queue.empty()) chosen.push_back(entry.way);
  }
  return chosen;
}

TrialChoice choice_of(const CompareOptions& options, const Job& job) {
  TrialChoice choice{.ways = ways_of(options),
                     .concurrencies = options.concurrencies,
                     .processes = options.processes,
                     .queue = options.queue};
  if (choice.concurrencies.empty()) choice.concurrencies = {job.fetch.concurrency};
  if (choice.processes == 0) choice.processes = std::max(2, processors());
  return choice;
}

// All runs read the same copy of the users, because the job's list may change and standard input
// can be read only once.
Status copy_users(const UserList& users, const std::filesystem::path& path) {
  std::ofstream file(path, std::ios::binary);
  UsernameReader reader(users);
  for (;;) {
    const auto block = reader.next_block();
    if (!block) return fail(block.error());
    if (block->empty()) break;
    for (const Subject& user : *block) file << entry_of(user, *users.provider) << '\n';
  }
  file.close();
  if (!file) return fail(FailureKind::output, path.string() + ": cannot be written");
  return {};
}

std::vector<std::string> worker_arguments(const CompareOptions& options, const Job& job) {
  std::vector<std::string> arguments{"worker",  "--queue",    options.queue,
                                     "--quiet", "--base-url", job.provider.base_url};
  for (const std::string& token : job.provider.tokens) {
    arguments.insert(arguments.end(), {"--token", token});
  }
  if (job.provider.ca_file) {
    arguments.insert(arguments.end(), {"--ca-file", job.provider.ca_file->string()});
  }
  return arguments;
}

ComparisonPlan plan_of(const CompareOptions& options, const LoadedJob& loaded,
                       const std::filesystem::path& scratch) {
  ComparisonPlan plan{.trials = trials_of(choice_of(options, loaded.job)),
                      .repeats = options.repeats,
                      .workplace = {.job = options.job,
                                    .overrides = options.overrides,
                                    .words = scratch / "words.txt",
                                    .worker = worker_arguments(options, loaded.job),
                                    .workers = options.workers},
                      .scratch = scratch,
                      .resources = find_provider(loaded.job.provider.kind)->resources};
  plan.workplace.overrides.push_back("source.usernames=[]");
  plan.workplace.overrides.push_back(
      set_text("source.usernames_file", (scratch / "users.txt").string()));
  return plan;
}

// The job as the runs will have it, so that the queue's address is checked first.
LoadedJob load(const CompareOptions& options, const Environment& environment) {
  std::vector<std::string> overrides = options.overrides;
  if (!options.queue.empty()) {
    overrides.push_back(set_text("execution.queue", options.queue));
    overrides.push_back("execution.processes=1");  // the two exclude each other
  }
  return load_job(options.job, overrides, environment);
}

Result<Comparison> measure(const CompareOptions& options, const LoadedJob& loaded,
                           const CancelToken& cancel_token, const Clock& clock) {
  const auto scratch = ScratchFolder::beside(loaded.job.store.database);
  if (!scratch) return fail(scratch.error());
  const Status copied = copy_users(loaded.users, scratch->path() / "users.txt");
  if (!copied) return fail(copied.error());
  return carry_out(plan_of(options, loaded, scratch->path()), clock, cancel_token,
                   [](const std::string& text) { say(text); });
}

// The first signal cancels; a later one does not end the program, which would leave databases
// behind.
void tell_stop(int signal, CancelToken& cancel_token) {
  if (cancel_token.signal() == 0) {
    say(
        fmt::format("repopipe: {}: finishes within seconds and removes its files; a second "
                    "signal has no effect\n",
                    name_of_end(signal)));
  }
  cancel_token.tell(signal);
}

ExitCode tell(const Compared& compared, const CompareOptions& options, Glyphs glyphs) {
  const ExitCode told =
      deliver(options.json ? to_json(compared) : to_text(compared, glyphs),
              compared.differences.empty() ? ExitCode::complete : ExitCode::incomplete);
  if (!options.html.empty()) {
    const Status written = write_whole(options.html, without_secrets(to_html(compared)));
    if (!written) {
      say(fmt::format("repopipe: {}\n", written.error().message));
      return policy_of(written.error().kind).exit_code;
    }
  }
  return told;
}

}  // namespace

ExitCode compare(const CompareOptions& options, const ProcessContext& around) {
  if (const std::string complaint = complaint_about(options); !complaint.empty()) {
    say(fmt::format("repopipe: {}\n", complaint));
    return ExitCode::usage;
  }
  const LoadedJob loaded = load(options, around.environment);
  if (!loaded.diagnostics.empty()) return print_diagnostics(loaded);
  CancelToken cancel_token;
  // A run gets some seconds to end; timeout(1) sends its signal twice.
  around.signals.start([&cancel_token](int signal) { tell_stop(signal, cancel_token); },
                       LaterSignals::told);
  auto comparison = measure(options, loaded, cancel_token, around.clock);
  around.signals.stop();
  if (cancel_token.signal() != 0) {
    say("repopipe: interrupted; no result is kept\n");
    return cancel_token.signal() == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
  }
  if (!comparison) {
    say(fmt::format("repopipe: {}\n", comparison.error().message));
    return policy_of(comparison.error().kind).exit_code;
  }
  return tell({.job = loaded.job.name,
               .version = std::string(version()),
               .processors = processors(),
               .repeats = options.repeats,
               .measures = std::move(comparison->measures),
               .differences = std::move(comparison->differences)},
              options, glyphs_of(around.environment));
}

}  // namespace repopipe
