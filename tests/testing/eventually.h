// For what another program does and tells nobody of: a test asks until it is so.
#pragma once

#include <chrono>
#include <functional>

namespace repopipe::testing {

// Nothing that works takes so long, on any machine.
inline constexpr std::chrono::seconds kHangs{120};

// True as soon as it is; false when kHangs is over.
bool eventually(const std::function<bool()>& is_so);

}  // namespace repopipe::testing
