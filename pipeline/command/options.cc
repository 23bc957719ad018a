#include "pipeline/command/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "pipeline/base/text.h"
#include "pipeline/describe/program.h"

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

CLI::Option* add_overrides(CLI::App& command, std::vector<std::string>& overrides) {
  return command.add_option("--set", overrides, "Overrides a key of the job")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->take_all();
}

void add_job(CLI::App& command, std::filesystem::path& job, std::vector<std::string>& overrides) {
  command.add_option("JOB", job, "Job file, YAML or JSON")->required();
  add_overrides(command, overrides);
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
  command->add_flag("--dry-run", run.dry_run, "Print what a run would do, as plan, and do nothing");
  command->add_flag("-q,--quiet", run.quiet, "Print only warnings and errors");
  const std::map<std::string, ProgressMode> modes{{"auto", ProgressMode::automatic},
                                                  {"always", ProgressMode::always},
                                                  {"never", ProgressMode::never}};
  command
      ->add_option("--progress", run.progress, "Display of the progress; auto: only on a terminal")
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

void add_plan(CLI::App& app, PredictOptions& plan) {
  CLI::App* command = app.add_subcommand("plan", "Predict requests, quota and time of a run");
  add_job(*command, plan.run.job, plan.run.overrides);
  add_shard(*command, plan.run.shard);
  command->add_flag("--fresh", plan.run.fresh, "For a new run, not for a resumed one");
  command->add_flag("--accept-host", plan.run.accepts_host,
                    "Accept that the API's host name has changed");
  command->add_flag("--json", plan.json, "One JSON object");
}

void add_compare_of_job(CLI::App& app, CompareOptions& compare) {
  CLI::App* command = add_compare(app, compare);
  add_job(*command, compare.job, compare.overrides);
}

void add_check(CLI::App& app, CheckOptions& check) {
  CLI::App* command = app.add_subcommand("check", "Report every error of job files");
  command->add_option("JOB", check.jobs, "Job files, YAML or JSON")->required();
  add_overrides(*command, check.overrides);
  command->add_flag("--online", check.online, "Also request the state of each token");
  command->add_flag("--effective", check.effective, "Print the value and the origin of each key");
  command->add_flag("--json", check.json, "One JSON object a line on stdout");
}

void add_explain(CLI::App& app, ExplainOptions& explain) {
  CLI::App* command = app.add_subcommand("explain", "Describe the keys of a job file");
  command->add_option("KEY", explain.key, "Key or section; default: all keys");
  auto* job = command->add_option("--job", explain.job, "Print also the value in this job file")
                  ->type_name("JOB");
  add_overrides(*command, explain.overrides)->needs(job);
  command->add_flag("--json", explain.json, "Print one JSON object a line");
}

void add_init(CLI::App& app, InitOptions& init) {
  CLI::App* command = app.add_subcommand("init", "Write a job file to begin with");
  command->add_option("FILE", init.file, "File to create")->default_str("job.yaml");
  command->add_option("--users", init.users, "List of usernames, for source.usernames_file")
      ->type_name("FILE");
  command->add_flag("--full", init.full, "Every key, as a comment with its default");
  command->add_flag("--force", init.force, "Replace the file if it exists");
}

void add_completion(CLI::App& app, std::string& shell) {
  CLI::App* command = app.add_subcommand("completion", "Print the completions for a shell");
  const std::vector<std::string> shells(std::begin(kShells), std::end(kShells));
  command->add_option("SHELL", shell, "Shell")
      ->required()
      ->check(CLI::IsMember(shells).description(fmt::format("{}", fmt::join(shells, "|"))));
}

void add_worker(CLI::App& app, WorkerOptions& worker) {
  CLI::App* command = app.add_subcommand("worker", "Fetch and parse for the runs of a queue");
  auto* queue = command
                    ->add_option("--queue", worker.queue,
                                 "redis://HOST:PORT/DATABASE, env:NAME or credential:NAME")
                    ->type_name("URL");
  command->add_option("--token", worker.tokens, "Reference to a token, as in provider.tokens")
      ->type_name("env:NAME")
      ->expected(1)
      ->take_all();
  command->add_option("--base-url", worker.base_url, "The only API that runs may use")
      ->type_name("URL")
      ->capture_default_str();
  command->add_option("--ca-file", worker.ca_file, "Certificate authorities, as provider.ca_file")
      ->type_name("FILE");
  command->add_option("--processes", worker.processes, "Processes that fetch and parse")
      ->type_name("N")
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

void add_prune(CLI::App& app, PruneOptions& prune) {
  CLI::App* command = app.add_subcommand("prune", "Remove old rows from the log of runs");
  command->add_option("JOB-OR-DB", prune.target, "Job file or database")->required();
  command->add_flag("--dry-run", prune.dry_run, "Print what would be removed, and do nothing");
  command->add_flag("-q,--quiet", prune.quiet, "Print only warnings and errors");
}

void add_compact(CLI::App& app, CompactOptions& compact) {
  CLI::App* command = app.add_subcommand("compact", "Rewrite a database without free space");
  command->add_option("JOB-OR-DB", compact.target, "Job file or database")->required();
  command->add_flag("-q,--quiet", compact.quiet, "Print only warnings and errors");
}

}  // namespace

std::string_view version() {
  return REPOPIPE_VERSION;
}

CommandLine::CommandLine()
    : app("repopipe lists the repositories of GitHub users into a SQLite database.", "repopipe") {
  app.set_version_flag("--version", fmt::format("repopipe {}", version()));
  app.footer(exit_code_table());
  app.require_subcommand(0, 1);
  add_run(app, run);
  add_check(app, check);
  add_worker(app, worker);
  add_merge(app, merge);
  add_prune(app, prune);
  add_compact(app, compact);
  add_compare_of_job(app, compare);
  add_plan(app, plan);
  add_status(app, status);
  add_report(app, report);
  add_explain(app, explain);
  add_init(app, init);
  app.add_subcommand("schema", "Print the JSON Schema of a job file");
  add_completion(app, shell);
}

}  // namespace repopipe
