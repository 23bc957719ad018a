// The summary of a run: text, or one JSON object.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/model/run.h"

namespace repopipe {

// The view `failures` in the database has all.
constexpr std::size_t kFailedShown = 10;

struct Summary {
  std::string job;
  std::string job_file{};  // as on the command line
  Shard shard{};
  std::string base_url;
  std::string queue{};               // its address without secrets; empty: none
  std::filesystem::path database{};  // empty: the file does not exist any more
  std::uint64_t users = 0;           // entries of the job
  std::int64_t run_id = 0;           // 0: the run did not start
  bool resumed = false;
  RunEnd end{};
  RunTotals totals{};
  std::vector<FailedUser> failed{};  // the first kFailedShown of them
  RemovedRows removed{};             // after the run

  bool began() const { return run_id != 0; }
};

// How the run ended: one line, and what to do about a run that did not complete.  The first line
// has the whole cause; the others have at most 80 columns if the values allow it.
std::string end_text(const Summary& summary);

// The counts of a run that started, in lines of at most 80 columns; empty: it did not start.
std::string counts_text(const Summary& summary);

// As in the JSON summary: the status, or `not_started`.
std::string_view status_of(const Summary& summary);

// One line with a newline.  docs/summary.md documents every member.
std::string to_json(const Summary& summary);

}  // namespace repopipe
