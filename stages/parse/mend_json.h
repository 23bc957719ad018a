// Text whose UTF-16 escapes are not pairs (RFC 8259, section 8.2: legal JSON that no UTF-8 can
// hold).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace repopipe {
// `json` with every escape that is half of a surrogate pair, or a NUL, replaced by that of U+FFFD.
std::string mend_surrogates(std::string_view json);

// Lists that are JSON but for single values that the parser refuses: numbers beyond a double, and
// nesting far deeper than any record.  One of them would cost the whole page.

// `json` with 0.5 in place of each such number, which no field takes, and `null` in place of each
// array or object that is too deep.  Of what is dropped only strings and brackets are checked.
// Nothing: there is nothing to mend, or a bracket does not fit.
std::optional<std::string> mend_values(std::string_view json);

// Bodies that are JSON but for single bytes that no JSON text may hold (RFC 8259, sections 7 and
// 8.1): invalid UTF-8, raw control characters in strings, a byte order mark.

// `json` without a byte order mark, with U+FFFD for each byte that is no UTF-8, and with the escape
// of each control character in a string.  Nothing: there is nothing to mend.
std::optional<std::string> mend_json(std::string_view json);

}  // namespace repopipe
