// UTF-8 as RFC 3629 has it: checking it, and telling characters apart.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace repopipe {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

inline bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// How many bytes the first character has; 0: `text` is empty or does not begin with a whole and
// legal character.
std::size_t character_length(std::string_view text);

// Whether people cannot see this character, or take it for a blank: spaces other than U+0020, marks
// of direction, joiners, fillers, control characters.
bool is_invisible(char32_t character);

// The first character, of character_length() bytes, which are not 0.
char32_t first_character(std::string_view text);

// "UTF-16" or "UTF-32" if a text that begins so is in that encoding, by its byte order mark or by
// the zeros of its first characters; else empty.
std::string_view foreign_encoding(std::string_view beginning);

// "it is UTF-16, not UTF-8; convert it ...".
std::string words_of_encoding(std::string_view foreign);

}  // namespace repopipe
