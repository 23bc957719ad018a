// The API's error message: the member `message` of a JSON object (GitHub docs, "Troubleshooting the
// REST API").  A proxy's page has none.
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
// One line of printable text, at most 200 characters.  Nothing: the body is not a JSON object with
// a string `message`, so it is not from the API.  `body` is inflated.  Threading: any.
std::optional<std::string> api_message(std::string_view body);

// Whether there is a body that is not from the API, such as a proxy's HTML page.
bool is_foreign(std::string_view body);

// Reads one account: an object with `id` and `login`.

struct JsonScratch;

// Fails as `malformed` if the text is not such an object.
Result<Account> read_account(PaddedText body, JsonScratch& scratch);

// Functions over a page after all its records are read.

// FNV-1a over the ids in order; 0: no rows.
std::uint64_t digest_of(const RecordBatch& rows, std::size_t identity);

// Fails as `bad_record` if all records were skipped, or more than one and more than a tenth. `null`
// elements do not count, so call it before `count_nulls`.
Status check_skips(const Page& page);

// Counts `null` elements as records without a readable id: nothing may be marked as gone.  `note`
// describes the first.
void count_nulls(const std::string& note, Page& page);

}  // namespace repopipe
