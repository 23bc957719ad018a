// The command line of `repopipe compare`, as values.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/compare/way.h"

namespace CLI {
class App;
}

namespace repopipe {
struct CompareOptions {
  std::filesystem::path job;
  std::vector<std::string> overrides;  // values of --set
  std::vector<int> concurrencies;      // empty: that of the job
  std::vector<std::string> ways;       // empty: all, and the queue if there is one
  int repeats = 1;
  int processes = 0;  // 0: one per processor, at least two
  int workers = 2;
  std::string queue;           // address; empty: none
  std::filesystem::path html;  // empty: no page
  bool json = false;
};

// Adds the subcommand `compare`, which sets `compare`.  The caller adds the options that all jobs
// have.
CLI::App* add_compare(CLI::App& app, CompareOptions& compare);

}  // namespace repopipe
