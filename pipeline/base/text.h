// Text: case and space as HTTP compares them, UTF-8, quotes in messages, base64; a visitor of
// variants and a hash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "pipeline/base/secrets.h"

namespace repopipe {

// ASCII text rules shared by all layers: what HTTP and GitHub compare without regard to case.

// Lower case of A-Z only; everything else stays, so it never depends on a locale.
std::string fold_case(std::string_view text);
bool equal_ignoring_case(std::string_view left, std::string_view right);
std::string_view trim(std::string_view text);

// Broken between words into lines of at most 80 columns, of which the first begins behind `indent`
// columns and the others with as many blanks.
std::string wrapped(std::string_view text, std::size_t indent);

// Foreign text as it can stand in one line for people: what is not printable ASCII becomes '?', and
// behind `most` characters it is cut.
std::string printable(std::string_view text, std::size_t most = 120);

// One lambda for each alternative of a variant: std::visit(Match{...}, variant).

template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Match(Cases...) -> Match<Cases...>;  // clang 14 does not deduce it by itself

// The one hash of this program: FNV-1a with 64 bits, and a finaliser (both in the public domain).
// What comes of it decides about tokens and shards, so that its values never change.

class Fnv1a {
 public:
  constexpr void add(std::uint64_t word) { value_ = (value_ ^ word) * 1099511628211ULL; }
  // Byte by byte, as FNV-1a is defined.
  constexpr void add(std::string_view text) {
    for (const char c : text) add(std::uint64_t{static_cast<unsigned char>(c)});
  }
  constexpr std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037ULL;
};

// Spreads small differences over all bits: the last step of MurmurHash3.
constexpr std::uint64_t spread(std::uint64_t hash) {
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53ULL;
  hash ^= hash >> 33;
  return hash;
}

// Base64 of RFC 4648, section 4.

std::string base64(std::string_view bytes);

// UTF-8 as RFC 3629 has it: checking it, and telling characters apart.

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

// How messages show what a user wrote: on one line, not too long, and never a secret.

// In double quotes, at most `longest` characters, control characters and broken UTF-8 as \xNN,
// what nobody can see as <U+200B>, secrets masked.
std::string in_quotes(std::string_view text, std::size_t longest = 60);

// The same without the quotes where `text` is a plain word; for keys.
std::string shown_key(std::string_view text);

// Bytes that begin a character in UTF-8: what columns and lengths count.
std::size_t count_characters(std::string_view text);

}  // namespace repopipe
