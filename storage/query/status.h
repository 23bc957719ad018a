// The last runs of a database, what it holds, and what is unfinished.  Used by `repopipe status`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "storage/query/run_records.h"

namespace repopipe {

// A run without an end, or with one after which users are left.
struct UnsettledRun {
  RunRecord run{};
  std::uint64_t settled = 0;  // users with an outcome
  std::uint64_t failed = 0;   // of these
};

struct DatabaseStatus {
  std::filesystem::path database;  // without symbolic links
  bool exists = false;             // false: no file, or an empty one: no run has written to it
  std::string job{};               // of the newest run
  std::uint64_t bytes = 0;         // of the file and its log
  std::uint64_t repositories = 0;  // that are not gone
  std::uint64_t users = 0;         // that own them
  std::string holder{};            // process that holds the lock of a run, or empty
  std::optional<UnsettledRun> running{};
  std::vector<UnsettledRun> unfinished{};  // the newest run of each shard, if users are left
  std::optional<std::uint64_t> usual{};    // users of the last finished run
  std::string last_complete{};             // when the last complete run ended; empty: there is none
  std::vector<RunRecord> runs{};           // newest first
};

// The last `most` runs.  `job`: only its runs; empty: those of all jobs.  Opens nothing for
// writing. If no run has written to it, `exists` is false.  A failure is of kind `output` or
// `database`.
Result<DatabaseStatus> status_of(const std::filesystem::path& path, const std::string& job,
                                 std::size_t most);

}  // namespace repopipe
