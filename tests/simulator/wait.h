// Moments, and the waits that a limit puts a client under.  Used by the limits, which start them,
// and by Politeness, which looks at whether they are kept.
#pragma once

#include <chrono>

namespace repopipe::simulator {

using Moment = std::chrono::system_clock::time_point;

enum class LimitKind { primary, secondary };

struct Wait {
  LimitKind kind = LimitKind::primary;
  Moment ends{};  // requests are answered again from then on
  Moment told{};  // what the response's headers say or its form means: rounded up to whole seconds
};

}  // namespace repopipe::simulator
