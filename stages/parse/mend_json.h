// Bodies that are JSON but for single bytes that no JSON text may hold (RFC 8259, sections 7 and
// 8.1): invalid UTF-8, raw control characters in strings, a byte order mark.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

// `json` without a byte order mark, with U+FFFD for each byte that is no UTF-8, and with the escape
// of each control character in a string.  Nothing: there is nothing to mend.
std::optional<std::string> mend_json(std::string_view json);

}  // namespace repopipe
