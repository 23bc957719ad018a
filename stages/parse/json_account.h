// Reads the JSON objects of an API that are no records: error messages and accounts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/model/http.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/provider.h"

namespace repopipe {
// A text of a JSON object, such as an error message, as one printable line of at most 200
// characters.  Nothing: the body is not an object with that member, as a proxy's page.  `body` is
// inflated.  Threading: any.
std::optional<std::string> text_member(std::string_view body, std::string_view member);

ErrorBody error_body(std::string_view text, const JsonNames& names);

// Fails as `malformed` if the text is not an object with the id and the login of an account.
Result<Account> read_account(PaddedText body, const JsonNames& names, JsonScratch& scratch);

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
