// What must hold of the rows of a page whatever the body was.
#pragma once

#include "pipeline/model/listing.h"

namespace repopipe::fuzz {

// Every row has a cell of the right kind for every field, required ones are not null, texts are
// UTF-8 without NUL and text lists JSON arrays of strings.  What was skipped is counted, named by
// one line, and few.  Aborts when it does not hold.
void check_page(const Page& page);

// The same cells, row by row.
bool same(const RecordBatch& left, const RecordBatch& right);

}  // namespace repopipe::fuzz
