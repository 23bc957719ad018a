// Compresses what a test server or a fake response sends.
#pragma once

#include <string>
#include <string_view>

namespace repopipe::testing {

std::string gzip(std::string_view text);

}  // namespace repopipe::testing
