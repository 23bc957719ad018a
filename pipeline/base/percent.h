// Percent-encoding of one path segment (RFC 3986, section 2.1).
#pragma once

#include <string>
#include <string_view>

namespace repopipe {

// Everything but letters, digits and "-._~" is encoded, so a login can never leave its segment.
std::string percent_encode(std::string_view segment);

}  // namespace repopipe
