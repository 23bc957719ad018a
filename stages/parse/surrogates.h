// Text whose UTF-16 escapes are not pairs (RFC 8259, section 8.2: legal JSON that no UTF-8 can
// hold).
#pragma once

#include <string>
#include <string_view>

namespace repopipe {

// `json` with every escape that is half of a surrogate pair, or a NUL, replaced by that of U+FFFD.
std::string mend_surrogates(std::string_view json);

}  // namespace repopipe
