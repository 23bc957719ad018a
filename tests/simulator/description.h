// Descriptions of generated repositories, with text that often causes bugs: emoji, CJK,
// right-to-left marks, U+2028, quotes, backslashes and control characters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace repopipe::simulator {

// UTF-8, not escaped.  Empty: null in JSON.
std::optional<std::string> description(std::uint64_t stream);

}  // namespace repopipe::simulator
