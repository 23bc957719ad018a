// The memory of the JSON parser, used again from page to page.
#pragma once

#include "pipeline/model/http.h"
#include "stages/parse/simdjson.h"

namespace repopipe {

static_assert(kPadding >= simdjson::SIMDJSON_PADDING);

// Threading: one call at a time.
struct JsonScratch {
  simdjson::ondemand::parser parser;
};

}  // namespace repopipe
