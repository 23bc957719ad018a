// The commands that describe the job file and the program: `explain`, `init`, `schema`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"

namespace repopipe {

struct ExplainOptions {
  std::string key;                     // or a section; empty: all keys
  std::filesystem::path job;           // empty: none
  std::vector<std::string> overrides;  // values of --set
  bool json = false;                   // one object a line
};

struct InitOptions {
  std::filesystem::path file = "job.yaml";
  std::filesystem::path users{};  // empty: none
  bool full = false;
  bool force = false;  // replace the file
};

struct SchemaOptions {};

// Each prints its result to stdout or errors to stderr, and returns the exit code.
ExitCode explain(const ExplainOptions& options, const Environment& environment);
ExitCode init(const InitOptions& options, const Environment& environment);
ExitCode schema();

}  // namespace repopipe
