// Values of a JSON document, as all readers here take them.
#pragma once

#include <string>
#include <string_view>

#include "stages/simdjson.h"

namespace repopipe {

// A field's key as it stands between its quotes, escapes and all.
std::string_view raw_key(simdjson::ondemand::field& field);

// Into the parser's own memory, or into `kept` where half of a surrogate pair had to be replaced.
simdjson::error_code read_text(simdjson::ondemand::value value, std::string& kept,
                               std::string_view& text);

// Whether a field that nobody reads is well formed.  simdjson would pass over it without a look
// inside, and a body that is damaged there is damaged.
simdjson::error_code check_field(simdjson::ondemand::field& field);

}  // namespace repopipe
