// The commands with their options, as CLI11 reads them.  Used by command_line.cc, which parses.
#pragma once

#include <CLI/CLI.hpp>

#include "pipeline/command/command_line.h"

namespace repopipe {

// Parsing `app` sets the options of the command that was given.  The options are bound to the
// members, so the object must not move.
struct CommandLine {
  CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  CLI::App app;
  RunOptions run;
  PredictOptions plan;
  CheckOptions check;
  WorkerOptions worker;
  MergeOptions merge;
  PruneOptions prune;
  CompactOptions compact;
  CompareOptions compare;
  StatusOptions status;
  ReportOptions report;
  ExplainOptions explain;
  InitOptions init;
  std::string shell;  // of `completion`
};

}  // namespace repopipe
