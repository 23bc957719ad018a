// Errors that keep the simulator from starting.  Caught in main, which returns the exit code.
#pragma once

#include <stdexcept>

namespace repopipe::simulator {

// An invalid command line: exit code 64.
struct BadUsage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A file or port cannot be opened: exit code 73.
struct CannotCreate : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace repopipe::simulator
