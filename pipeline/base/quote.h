// How messages show what a user wrote: on one line, not too long, and never a secret.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/base/secrets.h"

namespace repopipe {

// In double quotes, at most `longest` characters, control characters and broken UTF-8 as \xNN,
// what nobody can see as <U+200B>, secrets masked.
std::string in_quotes(std::string_view text, std::size_t longest = 60);

// The same without the quotes where `text` is a plain word; for keys.
std::string shown_key(std::string_view text);

// Bytes that begin a character in UTF-8: what columns and lengths count.
std::size_t count_characters(std::string_view text);

}  // namespace repopipe
