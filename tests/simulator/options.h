// The command line.
#pragma once

#include <filesystem>
#include <optional>

#include "tests/simulator/answer.h"
#include "tests/simulator/faults.h"
#include "tests/simulator/identity.h"
#include "tests/simulator/made_up_source.h"
#include "tests/simulator/secondary_limits.h"
#include "tests/simulator/server.h"

namespace repopipe::simulator {

enum class Action { serve, print_logins, print_doomed, print_odd, print_renamed };

struct Options {
  Action action = Action::serve;
  World world{};
  ServerSettings server{};
  AnswerSettings answers{};
  FaultRates faults{};
  SecondarySettings limits{};
  NameRates names{};
  bool warm = false;
  std::optional<std::filesystem::path> ready_file{}, recorded{}, log{}, report{};
};

// Empty: help was requested and is printed.  Throws BadUsage.
std::optional<Options> parse_options(int argc, char** argv);

}  // namespace repopipe::simulator
