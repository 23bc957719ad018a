// Turns the tree of a job file into a Job, by the table of keys.  Used by load_job.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"
#include "pipeline/job/document.h"
#include "pipeline/job/job.h"
#include "pipeline/job/job_keys.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/provider.h"

namespace repopipe {

// The numbers a scalar of the tree stands for.

// Nothing unless `node` is an integer (YAML also has 0x1f and 0o17) that fits.
std::optional<std::int64_t> whole_number(const Node& node);

// Nothing unless `node` is a finite number.
std::optional<double> real_number(const Node& node);

// Where the value of a key stands.
struct ValuePlace {
  Place place;
  Position at;
};

// What values are checked against, and where they go.  All of it outlives the binding.
struct Binding {
  Job& job;
  const Provider& provider;  // that the job names, or the first
  UserList& users;
  Diagnostics& diagnostics;
  const Environment& environment;
  std::filesystem::path folder;  // of the job file, as the user wrote it; empty: the working one
  std::map<std::string, ValuePlace>
      written{};                           // filled for what was read; by path, with [i] for tokens
  FailureKind trouble = FailureKind::job;  // of the list of users; `database`: it is the disk
};

// Reads every key below `root`, which is a section; mistakes go to the diagnostics, and what is
// wrong keeps its default.
void bind(const Node& root, Binding& binding);

// The provider that the tree names; else the first.
const Provider& provider_in(const Node& root);

// What a job does not say of its provider is as that has it; a mistake: an address that it lacks,
// or pages larger than it sends.
void complete_provider(const Node& root, Binding& binding);

// Reads the value of one key.  `node` is not null.
void read_value(const JobKey& key, const Node& node, Binding& binding);

// The parts of read_value with a file of their own.
void read_usernames(const JobKey& key, const Node& node, Binding& binding);
void read_usernames_file(const JobKey& key, const Node& node, Binding& binding);
void read_tokens(const JobKey& key, const Node& node, Binding& binding);
void read_transforms(const JobKey& key, const Node& node, Binding& binding);
void read_queue(const JobKey& key, const Node& node, Binding& binding);

// "fetch.concurrency is "many": expected a whole number from 1 to 1000".
void report_wrong_value(const JobKey& key, const Node& node, Binding& binding);

// A path of the job file, seen from its folder: as one would name it in a message, and absolute.
std::filesystem::path named(const std::string& path, const Binding& binding);
std::filesystem::path absolute(const std::string& path, const Binding& binding);

// " (looked for PATH)", for a path that does not exist and is relative.
std::string looked_for(const std::string& path, const Binding& binding);

// Why a file that should hold something cannot be used; empty: it can.
std::string complaint_about_file(const std::filesystem::path& path);

// PEM files with the certificates of authorities.

// Why none can be read from the file; empty: at least one can.
std::string complaint_about_certificates(const std::filesystem::path& path);

}  // namespace repopipe
