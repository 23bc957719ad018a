// The program `repopipe`.  Only `main` turns results into exit codes and exceptions into messages.
#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <variant>
#include <vector>

#include "pipeline/base/secrets.h"
#include "pipeline/base/subprocess.h"
#include "pipeline/base/system.h"
#include "pipeline/base/thread.h"
#include "pipeline/command/command_line.h"
#include "pipeline/command/commands.h"

namespace repopipe {
namespace {

std::vector<std::filesystem::path> paths_of(const Command& command) {
  if (const auto* options = std::get_if<RunOptions>(&command)) return {options->job};
  if (const auto* options = std::get_if<PredictOptions>(&command)) return {options->run.job};
  if (const auto* options = std::get_if<CheckOptions>(&command)) return options->jobs;
  if (const auto* options = std::get_if<WorkerOptions>(&command)) return {options->ca_file};
  if (const auto* options = std::get_if<PruneOptions>(&command)) return {options->target};
  if (const auto* options = std::get_if<CompactOptions>(&command)) return {options->target};
  if (const auto* options = std::get_if<CompareOptions>(&command)) {
    return {options->job, options->html};
  }
  if (const auto* options = std::get_if<StatusOptions>(&command)) return options->paths;
  if (const auto* options = std::get_if<ReportOptions>(&command)) {
    return {options->path, options->html};
  }
  if (const auto* options = std::get_if<ExplainOptions>(&command)) return {options->job};
  if (const auto* options = std::get_if<InitOptions>(&command)) {
    return {options->file, options->users};
  }
  const auto* merge = std::get_if<MergeOptions>(&command);
  if (merge == nullptr) return {};
  std::vector<std::filesystem::path> paths = merge->from;
  paths.push_back(merge->into);
  return paths;
}

// About the process: no command can work in it.
std::optional<Failure> unfit_for(const Command& command) {
  if (auto complaint = complaint_about_folder(paths_of(command))) {
    return Failure{FailureKind::usage, *complaint};
  }
  const Status enough = check_open_files(open_files_allowed());
  return enough ? std::nullopt : std::optional(enough.error());
}

ExitCode answer(const Command& command) {
  if (const auto* options = std::get_if<Answered>(&command)) return options->exit_code;
  const auto unfit = unfit_for(command);
  const auto* const asked = std::get_if<RunOptions>(&command);
  if (unfit && asked == nullptr) {
    say(fmt::format("repopipe: {}\n", unfit->message));
    return policy_of(unfit->kind).exit_code;
  }
  const SystemClock clock;
  SignalWatch signals;
  const Environment environment = process_environment();
  const ProcessContext around{environment, clock, signals, clock.now()};
  if (unfit) return refuse_run({asked->job, {*unfit}}, around);
  if (asked != nullptr) return run(*asked, around);
  if (const auto* options = std::get_if<RefusedRun>(&command)) return refuse_run(*options, around);
  if (const auto* options = std::get_if<PredictOptions>(&command)) return plan(*options, around);
  if (const auto* options = std::get_if<CheckOptions>(&command)) return check(*options, around);
  if (const auto* options = std::get_if<WorkerOptions>(&command)) return worker(*options, around);
  if (const auto* options = std::get_if<MergeOptions>(&command)) return merge(*options);
  if (const auto* options = std::get_if<StatusOptions>(&command)) return status(*options, around);
  if (const auto* options = std::get_if<ReportOptions>(&command)) return report(*options, around);
  if (const auto* options = std::get_if<ExplainOptions>(&command)) {
    return explain(*options, environment);
  }
  if (const auto* options = std::get_if<InitOptions>(&command)) return init(*options, environment);
  if (const auto* options = std::get_if<PruneOptions>(&command)) return prune(*options, around);
  if (const auto* options = std::get_if<CompactOptions>(&command)) return compact(*options, around);
  return compare(std::get<CompareOptions>(command), around);
}

// Call it before anything is printed.
void add_secrets(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) add_secrets_of_addresses_in(argv[i]);
  for (const char* name :
       {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    if (const char* value = std::getenv(name)) add_secrets_of_address(value);
  }
}

}  // namespace
}  // namespace repopipe

int main(int argc, char** argv) {
  repopipe::keep_standard_streams();
  repopipe::raise_open_files();
  std::set_terminate(repopipe::end_after_exception);
  repopipe::end_with_starter();
  try {
    repopipe::add_secrets(argc, argv);
    return static_cast<int>(repopipe::answer(repopipe::parse_command_line(argc, argv)));
  } catch (...) {
    const repopipe::Failure failure = repopipe::caught();
    const bool is_defect = failure.kind == repopipe::FailureKind::internal;
    repopipe::say(
        fmt::format("repopipe: {}{}\n", is_defect ? "internal error: " : "", failure.message));
    return static_cast<int>(repopipe::policy_of(failure.kind).exit_code);
  }
}
