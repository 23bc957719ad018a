// Converts the tree of a job file to a Job, by the table of keys.  Used by load_job.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"
#include "pipeline/job/document/document.h"
#include "pipeline/job/job.h"
#include "pipeline/job/job_keys.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/provider.h"

namespace repopipe {

// The position of the value of a key, and the value in one line, without secrets and for people: of
// a long list only the beginning.
struct ValuePlace {
  Place place;
  Position at;
  std::string value{};
};

// What bind reads and writes.  The referenced objects outlive the binding.
struct Binding {
  Job& job;
  const Provider& provider;  // the provider that the job names, or the first
  UserList& users;
  Diagnostics& diagnostics;
  const Environment& environment;
  // The folder of the job file, as the user wrote it; empty: the working directory.
  std::filesystem::path folder;
  // The keys that were read, by path; tokens and transforms have an index, such as [0].
  std::map<std::string, ValuePlace> written{};
  // The kind of failure of the list of users; `database`: the disk failed.
  FailureKind trouble = FailureKind::job;
};

// Reads every key below `root`, which is a section.  Reports each error to the diagnostics; the key
// then keeps its default.
void bind(const Node& root, Binding& binding);

// The provider that the tree names, or the first.
const Provider& provider_in(const Node& root);

// Sets the keys that the job does not have to the defaults of its provider.  Reports a missing
// address, and a page size above the provider's largest.
void complete_provider(const Node& root, Binding& binding);

// Reads the value of one key.  `node` is not null.
void read_value(const JobKey& key, const Node& node, Binding& binding);

// Parts of read_value.
void read_usernames(const JobKey& key, const Node& node, Binding& binding);
void read_usernames_file(const JobKey& key, const Node& node, Binding& binding);
void read_tokens(const JobKey& key, const Node& node, Binding& binding);
void read_transforms(const JobKey& key, const Node& node, Binding& binding);
void read_ping_url(const JobKey& key, const Node& node, Binding& binding);
void read_queue(const JobKey& key, const Node& node, Binding& binding);

// "fetch.concurrency is "many": expected a whole number from 1 to 1000".
void report_wrong_value(const JobKey& key, const Node& node, Binding& binding);

// A path of the job file, relative to its folder: for messages, and absolute.
std::filesystem::path named(const std::string& path, const Binding& binding);
std::filesystem::path absolute(const std::string& path, const Binding& binding);

// " (looked for PATH)" if `path` is relative and does not exist; else empty.
std::string looked_for(const std::string& path, const Binding& binding);

// Why a file cannot be read or is empty; empty text: it can be used.
std::string complaint_about_file(const std::filesystem::path& path);

// Begins a reference to a file in $CREDENTIALS_DIRECTORY (systemd.exec(5), LoadCredential=).
inline constexpr std::string_view kCredential = "credential:";

// The path of the credential with that name.  A failure is of kind `no_token`; the message names
// the variable or the name and the remedy.  The file need not exist.
Result<std::filesystem::path> credential_file(const std::string& name,
                                              const Environment& environment);

// The address of a queue: the value of `env:NAME`, the content of `credential:NAME`, or the text
// itself; not parsed.  A failure is of kind `job`; its message does not contain the address.
Result<std::string> queue_address_of(const std::string& reference, const Environment& environment);

// Why no certificate can be read from a PEM file; empty: at least one can.
std::string complaint_about_certificates(const std::filesystem::path& path);

}  // namespace repopipe
