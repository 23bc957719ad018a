// For what another program does and tells nobody of: a test asks until it is so.
#pragma once

#include <functional>

namespace repopipe::testing {

// True as soon as it is; false when it does not become so, for far longer than a healthy program
// takes.
bool eventually(const std::function<bool()>& is_so);

}  // namespace repopipe::testing
