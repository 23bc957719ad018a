// The options for limits, tokens, faults and fates of accounts.
#pragma once

#include <CLI/CLI.hpp>

#include "tests/simulator/options.h"

namespace repopipe::simulator {

// Both keep references to their arguments.
void add_rules(CLI::App& app, Options& options);
void add_trouble(CLI::App& app, Options& options);

// Checks of combinations of options.  Throws BadUsage.
void check_rules(const Options& options);

}  // namespace repopipe::simulator
