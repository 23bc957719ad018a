// Names for secrets and for long texts that tell nothing of them.
#pragma once

#include <string>
#include <string_view>

namespace repopipe {

// SHA-256 (FIPS 180-4), the first 128 bits of it, as 32 hexadecimal digits.
std::string digest_of(std::string_view text);

}  // namespace repopipe
