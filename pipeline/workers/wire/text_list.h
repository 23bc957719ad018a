// The one form in which a list of texts stands in a cell: a JSON array of strings without white
// space (RFC 8259), as parse writes it.  The store reads it as JSON, so a wire must not bring less.
#pragma once

#include <string_view>

namespace repopipe {

bool is_text_list(std::string_view text);

}  // namespace repopipe
