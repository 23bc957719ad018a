// Repairs of JSON that the parser rejects.
// UTF-16 escapes that are not pairs (RFC 8259, section 8.2): valid JSON without a UTF-8 form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace repopipe {
// `json` with each escape of NUL or half of a surrogate pair replaced by that of U+FFFD.
std::string mend_surrogates(std::string_view json);

// Values that the parser rejects: numbers beyond a double, and nesting deeper than any record.
// Without a repair one of them would cost the whole page.

// `json` with 0.5 in place of each such number, which no field accepts, and `null` in place of each
// array or object that is too deep.  Of the removed text only strings and brackets are checked.
// Nothing: there is nothing to repair, or a bracket is unmatched.
std::optional<std::string> mend_values(std::string_view json);

// Bytes that are not allowed in JSON text (RFC 8259, sections 7 and 8.1): invalid UTF-8, raw
// control characters in strings, a byte order mark.

// `json` without a byte order mark, with U+FFFD for each invalid byte, and with escapes for control
// characters in strings.  Nothing: there is nothing to repair.
std::optional<std::string> mend_json(std::string_view json);

}  // namespace repopipe
