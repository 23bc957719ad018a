// Reads a job file and checks it before the run starts: its keys and values, the files and
// variables that it names, and every username.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"
#include "pipeline/job/document/diagnostics.h"
#include "pipeline/job/document/document.h"
#include "pipeline/job/job.h"
#include "pipeline/model/interfaces.h"

namespace repopipe {

struct LoadedJob {
  std::string file{};                   // as the user named it
  std::filesystem::path folder{};       // of the job file, absolute
  Job job;                              // paths are absolute; undefined if there are diagnostics
  UserList users;                       // undefined if there are diagnostics
  std::vector<Diagnostic> diagnostics;  // in order; none: the job can run
  // The kind of failure of the diagnostics; `database`: a disk failed, and the job may be correct.
  FailureKind trouble = FailureKind::job;
  std::uint64_t fingerprint = 0;                // of the job file's text and all logins
  std::map<std::string, Diagnostic> written{};  // the position of each key, without a message
  std::map<std::string, std::string> values{};  // see ValuePlace

  // A diagnostic for this key ("store.database", "provider.tokens[0]").  If the job file does not
  // have the key, it names the file only.
  Diagnostic at(const std::string& key, std::string message) const;
};

// `overrides` are the values of `--set`, such as "fetch.concurrency=32".  They apply in order: the
// last one wins.  Token references are checked, but `cmd:` is not run.  Reads
// `environment.standard_input` to its end if the job names it.
LoadedJob load_job(const std::filesystem::path& file, std::span<const std::string> overrides,
                   const Environment& environment);

// Reads only the keys `name`, `store` and `report`, for commands that read the database of a job:
// they need no token, user, certificate or standard input, and other mistakes do not matter.
LoadedJob load_job_store(const std::filesystem::path& file, const Environment& environment);

// Likewise the keys that say who is told of the end of a run: `name`, `ping`, `log`, and `provider`
// for its certificates.
LoadedJob load_job_alerts(const std::filesystem::path& file, const Environment& environment);

// Applies the values of `--set path=value` to the tree of a job file, in order.  A value is read as
// YAML and replaces the old value, also a section; missing sections are created.  Reports errors of
// form to `diagnostics`; bind checks keys and values.
void apply_overrides(std::span<const std::string> overrides, Node& root, Diagnostics& diagnostics);

// Only checks the form of overrides, without a job.
std::vector<Diagnostic> check_form(std::span<const std::string> overrides);

}  // namespace repopipe
