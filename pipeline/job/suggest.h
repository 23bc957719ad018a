// What somebody may have meant who wrote a key or a word that does not exist.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pipeline/base/units.h"

namespace repopipe {
// The known key or section next to `path`, also one of another section; empty: none is near.
std::string nearest_key(std::string_view path);

// How many letters may be wrong: a third of them, or half.
enum class Reach { near, far };

// The word next to `text`; empty: none is in reach.
std::string_view nearest_word(std::string_view text, std::span<const std::string_view> words,
                              Reach reach = Reach::near);

// The keys of a section, or what stands at the top for an empty `section`: "engine, timeout".
std::string known_keys(std::string_view section);

// What somebody may have meant by a duration, a size or a ratio in another spelling ("90min",
// "64M", "5%"), in the spelling of a job file.

// All of them: empty when nothing within the limits, which are inclusive, can be meant.
std::string meant_duration(std::string_view text, std::chrono::milliseconds minimum,
                           std::chrono::milliseconds maximum);
// "64MB or 64MiB" for "64M".
std::string meant_size(std::string_view text, Bytes minimum, Bytes maximum);
std::string meant_ratio(std::string_view text, double minimum, double maximum);

// The number with the unit that is most likely to be meant, of those that bring it within the
// limits; `digits` is a whole number.
std::string with_unit(std::string_view digits, std::chrono::milliseconds minimum,
                      std::chrono::milliseconds maximum);
std::string with_unit(std::string_view digits, Bytes minimum, Bytes maximum);

}  // namespace repopipe
