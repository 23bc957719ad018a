// The command line as values.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/command/compare.h"
#include "pipeline/model/run.h"

namespace CLI {
class App;
}

namespace repopipe {
enum class ProgressMode { automatic, always, never };
enum class SummaryForm { text, json };

struct RunOptions {
  std::filesystem::path job;
  std::vector<std::string> overrides;  // of --set
  Shard shard{};
  bool fresh = false;
  bool accepts_host = false;
  bool dry_run = false;
  bool quiet = false;
  ProgressMode progress = ProgressMode::automatic;
  SummaryForm summary = SummaryForm::text;
};

struct CheckOptions {
  std::filesystem::path job;
  std::vector<std::string> overrides;
  bool online = false;
};

struct WorkerOptions {
  int socket = -1;    // of a worker process that a run has started; -1: a queue's worker
  std::string queue;  // redis://..., or env:NAME
  std::vector<std::string> tokens;
  std::string base_url = "https://api.github.com";
  std::filesystem::path ca_file;  // empty: the system's
  int processes = 1;
  bool quiet = false;
};

struct MergeOptions {
  std::filesystem::path into;
  std::vector<std::filesystem::path> from;
  bool quiet = false;
};

// Nothing is left to do: help or the version was printed, or a mistake was.
struct Answered {
  ExitCode exit_code = ExitCode::complete;
};

using Command =
    std::variant<RunOptions, CheckOptions, WorkerOptions, MergeOptions, CompareOptions, Answered>;

// Prints help and version on stdout, mistakes on stderr.
Command parse_command_line(int argc, const char* const* argv);

// The program's version, as `--version`, the User-Agent and `runs.version` have it.
std::string_view version();

// Commands and options that do not exist, and what somebody may have meant by them.

// `words` are the command line behind the program's name.  Makes options of `help`, `help COMMAND`
// and `version`.
std::vector<std::string> with_options_for_help(std::vector<std::string> words);

// The first command or option that `app` does not have, and the nearest one.  Never shows what
// stands behind an option: it may be a token.  Nothing: all are known.
std::optional<std::string> complaint_about_words(const CLI::App& app,
                                                 const std::vector<std::string>& words);

}  // namespace repopipe
