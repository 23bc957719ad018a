// Machines that list a small world into their own databases, and the merge of these.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "storage/merge/merge.h"
#include "tests/storage/store/store_fixture.h"

namespace repopipe {

// A run of one machine: its listings and its end.
struct Night {
  int day = 0;
  std::vector<Listing> listings{};
  RunStatus status = RunStatus::complete;
  Shard shard{};
};

// `running`: the run stays unfinished, as after a kill.
void spend(const std::filesystem::path& database, const Night& night);

// Merges as the program does.  Returns what each file added; empty after a failure, which fails the
// test.
std::vector<Merged> merge_all(const std::filesystem::path& into,
                              const std::vector<std::filesystem::path>& from);

// What `logical` looks at, sorted.
std::vector<std::string> merged_tables();

// Everything but the numbers of runs and requests: runs by their `uid`, requests in no order.
std::vector<std::string> logical(const std::filesystem::path& database);

// Accounts, repositories and their history, without runs.
std::vector<std::string> world_of(const std::filesystem::path& database);

// Valid and consistent.
void expect_sound(const std::filesystem::path& database);

}  // namespace repopipe
