// Descriptions of made-up repositories, with the text that breaks careless programs: emoji, CJK,
// right to left marks, U+2028, quotes, backslashes and control characters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace repopipe::simulator {

// UTF-8, not yet quoted.  Empty optional: the repository has none (null in JSON).
std::optional<std::string> description(std::uint64_t stream);

}  // namespace repopipe::simulator
