// The start time of the tests of the limits.
#pragma once

#include "tests/simulator/wait.h"

namespace repopipe::simulator {

inline constexpr Moment kStart{std::chrono::seconds(1'790'000'000)};

}  // namespace repopipe::simulator
