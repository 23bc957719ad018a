// What can keep the simulator from starting.  Thrown while it is set up, caught in main, which
// chooses the exit code.
#pragma once

#include <stdexcept>

namespace repopipe::simulator {

// The command line asks for something that cannot be: exit code 64.
struct BadUsage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A file or a port cannot be had: exit code 73.
struct CannotCreate : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace repopipe::simulator
