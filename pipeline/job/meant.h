// What somebody may have meant by a duration, a size or a ratio in another spelling ("90min",
// "64M", "5%"), in the spelling of a job file.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/base/units.h"

namespace repopipe {

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
