// What the API itself says of a request that it refuses: the member `message` of a JSON object
// (GitHub docs, "Troubleshooting the REST API").  A proxy's page has none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/model/http.h"
#include "pipeline/model/listing.h"

namespace repopipe {
// One line of printable text, at most 200 characters.  Nothing: the body is no JSON object with a
// text `message`, so it is not the API's.  `body` is inflated.  Threading: any.
std::optional<std::string> api_message(std::string_view body);

// Is there a body that is no answer of the API, such as a proxy's page of HTML?
bool is_foreign(std::string_view body);

// Reads one account: an object with `id` and `login`.

struct JsonScratch;

// Fails as `malformed` when the text is no such object.
Result<Account> read_account(PaddedText body, JsonScratch& scratch);

// What is known of a page once all of its records are read.

// FNV-1a over the identities in their order; 0 for no rows.
std::uint64_t digest_of(const RecordBatch& rows, std::size_t identity);

// A page may lack one record, or a tenth of them, and not all: else it fails as `bad_record`.
// `null` elements do not count, so it comes before `count_nulls`.
Status check_skips(const Page& page);

// A `null` hides a record without an id: nothing may be taken for gone.  `note` tells of the first.
void count_nulls(const std::string& note, Page& page);

}  // namespace repopipe
