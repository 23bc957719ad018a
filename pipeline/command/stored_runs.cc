// Commands that read the runs of a database: `status` and `report`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <string_view>

#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"
#include "pipeline/command/commands.h"
#include "pipeline/report/page/page.h"
#include "pipeline/report/status.h"
#include "storage/query/status.h"

namespace repopipe {

void add_status(CLI::App& app, StatusOptions& status) {
  CLI::App* command = app.add_subcommand("status", "Show the last runs of a database");
  command->add_option("JOB-OR-DB", status.paths, "Job files or databases")->required();
  command->add_option("-n,--runs", status.runs, "Runs to show; default: 7")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000).description(""));
  const auto read_age = [&status](const std::string& text) {
    status.max_age = parse_duration(text);
    if (status.max_age) return;
    throw CLI::ValidationError(
        "--max-age", fmt::format("{} is not a duration, such as 26h or 90m", in_quotes(text)));
  };
  command
      ->add_option_function<std::string>("--max-age", read_age,
                                         "Exit code 65 if the last complete run is older")
      ->type_name("DURATION");
  command->add_flag("--json", status.json, "An array with an object per database");
}

void add_report(CLI::App& app, ReportOptions& report) {
  CLI::App* command = app.add_subcommand("report", "Write a page about a run");
  command->add_option("JOB-OR-DB", report.path, "Job file or database")->required();
  command->add_option("--html", report.html, "File to write")->type_name("FILE")->required();
  command->add_option("--nights", report.nights, "Nights in the charts; default: 30")
      ->type_name("N")
      ->check(CLI::Range(2, 366).description(""));
  command->add_option("--run", report.run_id, "Number of the run; default: the newest")
      ->type_name("ID");
}

// https://www.sqlite.org/fileformat2.html, "The Database Header".
bool is_database(const std::filesystem::path& path) {
  constexpr std::string_view kFormat("SQLite format 3\0", 16);
  std::ifstream file(path, std::ios::binary);
  std::string begin(kFormat.size(), ' ');
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return begin == kFormat;
}

namespace {

struct StoredJob {
  std::filesystem::path database;
  std::string job;  // empty: any
  std::size_t nights = NightChoice{}.nights;
};

// A job file and a database are told apart by their content.  Errors are printed.
Result<StoredJob> find_stored(const std::filesystem::path& path, const Environment& environment) {
  if (is_database(path)) return StoredJob{.database = path, .job = {}};
  const LoadedJob loaded = load_job_store(path, environment);
  if (loaded.diagnostics.empty()) {
    return StoredJob{loaded.job.store.database, loaded.job.name,
                     static_cast<std::size_t>(loaded.job.report.nights)};
  }
  return fail(FailureKind::job, loaded.diagnostics.front().show());
}

Result<DatabaseStatus> read_status(const std::filesystem::path& path, const StatusOptions& options,
                                   const Environment& environment) {
  const auto stored = find_stored(path, environment);
  if (!stored) return fail(stored.error());
  return status_of(stored->database, stored->job, options.runs);
}

}  // namespace

ExitCode status(const StatusOptions& options, const ProcessContext& around) {
  std::vector<DatabaseStatus> all;
  ExitCode worst = ExitCode::complete;
  const auto tell = [&worst](const std::string& line, ExitCode exit_code) {
    say(fmt::format("repopipe: {}\n", line), Priority::error);
    if (worst == ExitCode::complete || worst == ExitCode::incomplete) worst = exit_code;
  };
  for (const auto& path : options.paths) {
    auto status = read_status(path, options, around.environment);
    if (!status) {
      tell(status.error().message, policy_of(status.error().kind).exit_code);
      continue;
    }
    const std::string complaint =
        options.max_age ? complaint_about_age(*status, *options.max_age, around.clock.wall()) : "";
    if (!complaint.empty()) tell(complaint, ExitCode::incomplete);
    all.push_back(std::move(*status));
  }
  return deliver(options.json ? to_json(all) : to_text(all, around.clock.wall()), worst);
}

namespace {

Status write_report(const ReportOptions& options, const ProcessContext& around) {
  const auto stored = find_stored(options.path, around.environment);
  if (!stored) return fail(stored.error());
  NightChoice choice{.job = stored->job, .run_id = options.run_id};
  choice.nights = options.nights.value_or(stored->nights);
  return write_page(stored->database, choice, options.html, version(), around.clock.wall());
}

}  // namespace

ExitCode report(const ReportOptions& options, const ProcessContext& around) {
  const Status written = write_report(options, around);
  if (written) return ExitCode::complete;
  const Failure& failure = written.error();
  say(fmt::format("repopipe: {}\n", failure.message), Priority::error);
  // Also if the disk is full: this command has no other result than the page.
  return failure.kind == FailureKind::database ? ExitCode::cannot_create
                                               : policy_of(failure.kind).exit_code;
}

}  // namespace repopipe
