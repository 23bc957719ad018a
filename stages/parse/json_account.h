// Reads one account: an object with `id` and `login`.
#pragma once

#include "pipeline/base/failure.h"
#include "pipeline/model/http.h"
#include "pipeline/model/listing.h"

namespace repopipe {

struct JsonScratch;

// Fails as `malformed` when the text is no such object.
Result<Account> read_account(PaddedText body, JsonScratch& scratch);

}  // namespace repopipe
