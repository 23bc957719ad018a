// UTF-8 as RFC 3629 has it: checking it, and telling characters apart.
#pragma once

#include <cstddef>
#include <string_view>

namespace repopipe {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

inline bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// How many bytes the first character has; 0: `text` is empty or does not begin with a whole and
// legal character.
std::size_t character_length(std::string_view text);

}  // namespace repopipe
