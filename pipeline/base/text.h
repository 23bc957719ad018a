// Text: ASCII case and blanks, UTF-8, quoting for messages, Base64; also Match (a visitor) and the
// hash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "pipeline/base/secrets.h"

namespace repopipe {

// Lower case of A-Z only, independent of the locale.
std::string fold_case(std::string_view text);
bool equal_ignoring_case(std::string_view left, std::string_view right);
std::string_view trim(std::string_view text);

// Wraps at words to lines of at most 80 columns.  The first line starts at column `indent`; the
// others are indented by as many blanks.
std::string wrapped(std::string_view text, std::size_t indent);

// External text for one line of a message: bytes other than printable ASCII become "?", secrets are
// masked, and it is cut after `most` characters.
std::string printable(std::string_view text, std::size_t most = 120);

// One lambda per alternative of a variant: std::visit(Match{...}, variant).

template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Match(Cases...) -> Match<Cases...>;  // clang 14 needs the deduction guide

// The only hash of this program: 64-bit FNV-1a and a finaliser (both in the public domain).  Its
// values decide about tokens and shards and must never change.

class Fnv1a {
 public:
  constexpr void add(std::uint64_t word) { value_ = (value_ ^ word) * 1099511628211ULL; }
  // Byte by byte, as FNV-1a defines.
  constexpr void add(std::string_view text) {
    for (const char c : text) add(std::uint64_t{static_cast<unsigned char>(c)});
  }
  constexpr std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037ULL;
};

// The finaliser of MurmurHash3: each bit of the input affects all bits of the result.
constexpr std::uint64_t spread(std::uint64_t hash) {
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53ULL;
  hash ^= hash >> 33;
  return hash;
}

// Base64 (RFC 4648, section 4).

std::string base64(std::string_view bytes);

// UTF-8 (RFC 3629).

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

inline bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Bytes of the first character; 0: `text` is empty or does not begin with a complete, valid
// character.
std::size_t character_length(std::string_view text);

// Whether the character is invisible or looks like a blank: spaces other than U+0020, marks of
// direction, joiners, fillers, control characters.
bool is_invisible(char32_t character);

// The first character.  character_length() must not be 0.
char32_t first_character(std::string_view text);

// "UTF-16" or "UTF-32" if a text with this beginning is so encoded, by its byte order mark or its
// zero bytes; else empty.
std::string_view foreign_encoding(std::string_view beginning);

// "it is UTF-16, not UTF-8; convert it ...".
std::string words_of_encoding(std::string_view foreign);

// Quoting of user text in messages.

// In double quotes, cut after `longest` characters; control characters and invalid UTF-8 as \xNN,
// invisible characters as <U+200B>, secrets masked.
std::string in_quotes(std::string_view text, std::size_t longest = 60);

// For keys: the same, without quotes if `text` is a plain word.
std::string shown_key(std::string_view text);

// The number of characters (bytes that begin one in UTF-8).
std::size_t count_characters(std::string_view text);

}  // namespace repopipe
