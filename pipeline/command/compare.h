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
  std::vector<std::string> overrides;  // of --set
  std::vector<int> concurrencies;      // empty: the job's own
  std::vector<std::string> ways;       // empty: all, the queue if there is one
  int repeats = 1;
  int processes = 0;  // 0: one for each processor, and two at least
  int workers = 2;
  std::string queue;           // address; empty: none
  std::filesystem::path html;  // empty: no page
  bool json = false;
};

// Adds the subcommand `compare`, which fills `compare`; the other options of a job are the
// caller's.
CLI::App* add_compare(CLI::App& app, CompareOptions& compare);

}  // namespace repopipe
