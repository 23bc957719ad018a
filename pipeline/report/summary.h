// What a run says of itself at its end: a few lines for people, or one JSON object for programs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/model/run.h"

namespace repopipe {

// More failures than these are in the database alone, in the view `failures`.
constexpr std::size_t kFailedShown = 10;

struct Summary {
  std::string job;
  Shard shard{};
  std::string base_url;
  std::string queue{};             // its address, for people; empty: there is none
  std::filesystem::path database;  // empty: it is not there any more
  std::uint64_t users = 0;         // of the job
  std::int64_t run_id = 0;
  bool resumed = false;
  RunEnd end;
  RunTotals totals;
  std::vector<FailedUser> failed;  // the first kFailedShown of them
};

// Lines of at most 80 columns where the values allow, each ended.
std::string to_text(const Summary& summary);

// One line, ended.  docs/summary.md documents every member.
std::string to_json(const Summary& summary);

}  // namespace repopipe
