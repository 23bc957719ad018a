// What somebody may have meant who wrote a key or a word that does not exist.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace repopipe {

// The known key or section next to `path`, also one of another section; empty: none is near.
std::string nearest_key(std::string_view path);

// How many letters may be wrong: a third of them, or half.
enum class Reach { near, far };

// The word next to `text`; empty: none is in reach.
std::string_view nearest_word(std::string_view text, std::span<const std::string_view> words,
                              Reach reach = Reach::near);

// The keys of a section, or what stands at the top for an empty `section`: "engine, timeout".
std::string known_subjects(std::string_view section);

}  // namespace repopipe
