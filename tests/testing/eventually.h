// Waits for a condition in another process that sends no notification.
#pragma once

#include <chrono>
#include <functional>

namespace repopipe::testing {

// Longer than anything takes on any machine.
inline constexpr std::chrono::seconds kHangs{120};

// True when `is_so` returns true; false after kHangs.
bool eventually(const std::function<bool()>& is_so);

}  // namespace repopipe::testing
