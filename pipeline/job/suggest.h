// Suggestions for unknown keys and words, and for values in another spelling.  Used by messages.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pipeline/base/units.h"

namespace repopipe {

// The known key or section nearest to `path`, also in another section; empty: none is near.
std::string nearest_key(std::string_view path);

// How many letters may differ: a third (near) or half (far).
enum class Reach { near, far };

// The word nearest to `text`; empty: none is in reach.
std::string_view nearest_word(std::string_view text, std::span<const std::string_view> words,
                              Reach reach = Reach::near);

// The keys of a section, or of the top level for an empty `section`: "engine, timeout".
std::string known_keys(std::string_view section);

// These three convert a duration, size or ratio in another spelling ("90min", "64M", "5%") to the
// spelling of a job file.  Empty if there is no such value within the limits, which are inclusive.
std::string meant_duration(std::string_view text, std::chrono::milliseconds minimum,
                           std::chrono::milliseconds maximum);
// "64MB or 64MiB" for "64M".
std::string meant_size(std::string_view text, Bytes minimum, Bytes maximum);
std::string meant_ratio(std::string_view text, double minimum, double maximum);

// The number with the most likely unit of those that keep it within the limits.  `digits` is a
// whole number.
std::string with_unit(std::string_view digits, std::chrono::milliseconds minimum,
                      std::chrono::milliseconds maximum);
std::string with_unit(std::string_view digits, Bytes minimum, Bytes maximum);

}  // namespace repopipe
