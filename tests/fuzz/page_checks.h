// What must hold of the rows of a page whatever the body was.
#pragma once

#include "pipeline/core/listing.h"

namespace repopipe::fuzz {

// Every row has a cell of the right kind for every field, required ones are not null, texts are
// UTF-8 and text lists JSON arrays of strings.  Aborts when it does not hold.
void check_rows(const RecordBatch& rows);

// The same cells, row by row.
bool same(const RecordBatch& left, const RecordBatch& right);

}  // namespace repopipe::fuzz
