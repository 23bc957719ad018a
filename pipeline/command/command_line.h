// The command line as values.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/describe/commands.h"
#include "pipeline/model/run.h"

namespace CLI {
class App;
}

namespace repopipe {
enum class ProgressMode { automatic, always, never };
enum class SummaryForm { text, json };

struct RunOptions {
  std::filesystem::path job;
  std::vector<std::string> overrides;  // values of --set
  Shard shard{};
  bool fresh = false;
  bool accepts_host = false;
  bool dry_run = false;
  bool quiet = false;
  ProgressMode progress = ProgressMode::automatic;
  SummaryForm summary = SummaryForm::text;
};

// A run that cannot begin for a reason outside its job file.
struct RefusedRun {
  std::filesystem::path job;      // empty: none is known
  std::vector<Failure> failures;  // at least one; the first selects the exit code
};

// `plan`, and `run --dry-run`.
struct PredictOptions {
  RunOptions run;
  bool json = false;
};

struct CheckOptions {
  std::vector<std::filesystem::path> jobs;
  std::vector<std::string> overrides;
  bool online = false;
  bool effective = false;  // print the value and the origin of each key
  bool json = false;       // one object a line on stdout
};

struct WorkerOptions {
  int socket = -1;    // of a worker process that a run started; -1: the worker of a queue
  std::string queue;  // redis://..., or env:NAME
  std::vector<std::string> tokens;
  std::string base_url = "https://api.github.com";
  std::filesystem::path ca_file;  // empty: those of the system
  int processes = 1;
  bool quiet = false;
};

struct MergeOptions {
  std::filesystem::path into;
  std::vector<std::filesystem::path> from;
  bool quiet = false;
};

struct PruneOptions {
  std::filesystem::path target;  // a job file or a database
  bool dry_run = false;
  bool quiet = false;
};

struct CompactOptions {
  std::filesystem::path target;  // likewise
  bool quiet = false;
};

struct CompareOptions {
  std::filesystem::path job;
  std::vector<std::string> overrides;  // values of --set
  std::vector<int> concurrencies;      // empty: that of the job
  std::vector<std::string> ways;       // empty: all, and the queue if there is one
  int repeats = 1;
  int processes = 0;  // 0: one per processor, at least two
  int workers = 2;
  std::string queue;           // address; empty: none
  std::filesystem::path html;  // empty: no page
  bool json = false;
};

struct StatusOptions {
  std::vector<std::filesystem::path> paths;  // job files and databases
  std::size_t runs = 7;
  std::optional<std::chrono::milliseconds> max_age;  // of the last complete run
  bool json = false;
};

struct ReportOptions {
  std::filesystem::path path;  // a job file or a database
  std::filesystem::path html;
  std::optional<std::size_t> nights;   // nothing: those of the job
  std::optional<std::int64_t> run_id;  // nothing: the newest run
};

// The command is finished: it needs nothing but the command line.
struct Answered {
  ExitCode exit_code = ExitCode::complete;
};

using Command = std::variant<RunOptions, RefusedRun, CheckOptions, WorkerOptions, MergeOptions,
                             PruneOptions, CompactOptions, CompareOptions, StatusOptions,
                             ReportOptions, ExplainOptions, InitOptions, PredictOptions, Answered>;

// Prints help, version, the schema and completions to stdout, errors to stderr.
Command parse_command_line(int argc, const char* const* argv);

// Adds the subcommand `compare`, which sets `compare`.  The caller adds the options that all jobs
// have.
CLI::App* add_compare(CLI::App& app, CompareOptions& compare);

// The same for `status` and `report`.
void add_status(CLI::App& app, StatusOptions& status);
void add_report(CLI::App& app, ReportOptions& report);

// The program's version, as in `--version`, the User-Agent and `runs.version`.
std::string_view version();

}  // namespace repopipe
