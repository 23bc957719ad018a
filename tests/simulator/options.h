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

namespace CLI {
class App;
}

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

// The options as they are on the command line.
struct RawOptions {
  Options options{};
  bool small = false, null_elements = false, gitea = false, hide = false;
  bool logins = false, list_doomed = false, list_odd = false, list_renamed = false;
};

inline constexpr const char* kProgram = "repopipe-simulator";
inline constexpr const char* kDescription = "A stand-in for GitHub's REST API.";

// Adds every option.  Parsing sets `raw`, which must live as long as `app`.
void add_options(CLI::App& app, RawOptions& raw);

// Empty: help was requested and is printed.  Throws BadUsage.
std::optional<Options> parse_options(int argc, char** argv);

}  // namespace repopipe::simulator
