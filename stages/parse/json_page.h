// What is known of a page once all of its records are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "pipeline/base/failure.h"
#include "pipeline/model/listing.h"

namespace repopipe {

// FNV-1a over the identities in their order; 0 for no rows.
std::uint64_t digest_of(const RecordBatch& rows, std::size_t identity);

// A page may lack one record, or a tenth of them, and not all: else it fails as `bad_record`.
// `null` elements do not count, so it comes before `count_nulls`.
Status check_skips(const Page& page);

// A `null` hides a record without an id: nothing may be taken for gone.  `note` tells of the first.
void count_nulls(const std::string& note, Page& page);

}  // namespace repopipe
