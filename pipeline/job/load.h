// Reads a job file and checks everything that can be known before the run starts: its keys and
// values, the files and variables it names, and every single username.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"
#include "pipeline/job/diagnostics.h"
#include "pipeline/job/document.h"
#include "pipeline/job/job.h"
#include "pipeline/model/interfaces.h"

namespace repopipe {
struct LoadedJob {
  std::string file{};                   // as the user named it
  Job job;                              // paths are absolute
  UserList users;                       // empty of meaning when there are diagnostics, as is `job`
  std::vector<Diagnostic> diagnostics;  // all of them, in order; none: the job can run
  FailureKind trouble =
      FailureKind::job;           // of the diagnostics; `database`: it is a disk, not the job
  std::uint64_t fingerprint = 0;  // of the job file's text and all logins
  std::map<std::string, Diagnostic> written{};  // where each key stands, without a message

  // A diagnostic of this key ("store.database", "provider.tokens[0]"), also of one that nobody
  // wrote.
  Diagnostic at(const std::string& key, std::string message) const;
};

// `overrides` are those of `--set`: "fetch.concurrency=32", applied in order, the last one wins.
// Token references are looked at, but `cmd:` is not run.  Reads `environment.standard_input` to its
// end when the job says so.
LoadedJob load_job(const std::filesystem::path& file, std::span<const std::string> overrides,
                   const Environment& environment);

// Puts the values of `--set path=value` into the tree of a job file.

// Applied in order.  The value is read as YAML and takes the place of what stands there, sections
// too; sections that are missing are made.  Mistakes in form go to `diagnostics`; whether key and
// value are right is for bind.
void apply_overrides(std::span<const std::string> overrides, Node& root, Diagnostics& diagnostics);

// Those mistakes in form alone, without a job.
std::vector<Diagnostic> check_form(std::span<const std::string> overrides);

}  // namespace repopipe
