// Machines that list a small made-up world into databases of their own, night after night, and what
// a merge makes of these.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "storage/merge/merge.h"
#include "tests/storage/store/store_fixture.h"

namespace repopipe {

// One machine's night: what it listed, and how its run ended.
struct Night {
  int day = 0;
  std::vector<Listing> listings{};
  RunStatus status = RunStatus::complete;
  Shard shard{};
};

// `running`: the run is left as if it went on, or had been killed.
void spend(const std::filesystem::path& database, const Night& night);

// Merges as the program does.  What each file brought; empty after a failure, which fails the test.
std::vector<Merged> merge_all(const std::filesystem::path& into,
                              const std::vector<std::filesystem::path>& from);

// What `logical` looks at, sorted.
std::vector<std::string> merged_tables();

// Everything but the numbers of runs and requests: runs by their `uid`, requests in no order.
std::vector<std::string> logical(const std::filesystem::path& database);

// Accounts, repositories and their past, whoever saw them in which run.
std::vector<std::string> world_of(const std::filesystem::path& database);

// Whole, and without contradictions.
void expect_sound(const std::filesystem::path& database);

}  // namespace repopipe
