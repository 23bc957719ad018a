// The commands of the program.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"
#include "pipeline/base/units.h"
#include "pipeline/command/command_line.h"
#include "pipeline/command/signals.h"
#include "pipeline/job/document/diagnostics.h"
#include "pipeline/job/load.h"
#include "pipeline/model/provider.h"

namespace repopipe {
// About the first relative path if the working directory was deleted; nothing: no problem. Absolute
// paths need no working directory.
std::optional<std::string> complaint_about_folder(std::span<const std::filesystem::path> paths);

// Checks beyond loading the job.

// Read-only: opens no database, runs no command, creates nothing.
std::vector<Diagnostic> check_surroundings(const LoadedJob& loaded, const Environment& environment);

// One line each, on stderr, as file:line:column: message.
ExitCode print_diagnostics(const std::vector<Diagnostic>& diagnostics);

// The errors of a job that cannot be loaded.
ExitCode print_diagnostics(const LoadedJob& loaded);

// Each command prints its result and returns the exit code.

// The process around a command; everything outlives the command.
struct ProcessContext {
  const Environment& environment;
  const Clock& clock;
  SignalWatch& signals;
  Time start;  // start of the program
};

// The argument JOB-OR-DB of the commands that work on a database.
struct Target {
  std::filesystem::path database;
  std::optional<Job> job{};  // nothing: the argument is a database
  const Provider* provider = nullptr;
};

// By its first bytes.
bool is_database(const std::filesystem::path& path);

// Tells a job file and a database apart by the first bytes.  Prints the errors of a job file, and
// why a database cannot be read or does not exist, and returns the exit code.
tl::expected<Target, ExitCode> find_target(const std::filesystem::path& given,
                                           const Environment& environment);

// Prints the failure of a command with its remedy.
ExitCode refuse_command(const Failure& failure);

ExitCode run(const RunOptions& options, const ProcessContext& around);
// Reports it as any other end of a run; pings and logs if the job file says where.
ExitCode refuse_run(const RefusedRun& refused, const ProcessContext& around);
// Prints what a run would do, and sends no request: `plan` to stdout, `run --dry-run` to stderr.
// Returns 75 if the run could not finish.
ExitCode plan(const PredictOptions& options, const ProcessContext& around);
ExitCode check(const CheckOptions& options, const ProcessContext& around);
// `check --online`: prints the state of each token to stdout and errors to stderr.  Sends one or
// two requests per token, which count against its quota.  Returns 77 if a token is refused, 69 if
// the API cannot be reached.
ExitCode check_online(const LoadedJob& loaded, const ProcessContext& around);
ExitCode worker(const WorkerOptions& options, const ProcessContext& around);
ExitCode merge(const MergeOptions& options);
ExitCode prune(const PruneOptions& options, const ProcessContext& around);
ExitCode compact(const CompactOptions& options, const ProcessContext& around);
ExitCode compare(const CompareOptions& options, const ProcessContext& around);
ExitCode status(const StatusOptions& options, const ProcessContext& around);
ExitCode report(const ReportOptions& options, const ProcessContext& around);

}  // namespace repopipe
