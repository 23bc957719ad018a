// Waits that a rate limit starts.  Used by the limits, and by Politeness, which checks them.
#pragma once

#include <chrono>

namespace repopipe::simulator {

using Moment = std::chrono::system_clock::time_point;

enum class LimitKind { primary, secondary };

struct Wait {
  LimitKind kind = LimitKind::primary;
  Moment ends{};  // end of the wait
  Moment told{};  // as announced by the response, rounded up to seconds
};

}  // namespace repopipe::simulator
