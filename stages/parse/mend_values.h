// Lists that are JSON but for single values that the parser refuses: numbers beyond a double, and
// nesting far deeper than any record.  One of them would cost the whole page.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

// `json` with 0.5 in place of each such number, which no field takes, and `null` in place of each
// array or object that is too deep.  Of what is dropped only strings and brackets are checked.
// Nothing: there is nothing to mend, or a bracket does not fit.
std::optional<std::string> mend_values(std::string_view json);

}  // namespace repopipe
