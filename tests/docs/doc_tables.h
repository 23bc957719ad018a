// The tables of docs/ that follow from the program: keys of the job file, transforms, and columns
// of the database.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/base/failure.h"

namespace repopipe::docs {

// The text with each table written anew.  A table is the block of lines that begin with `|` below
//   a line `<!-- keys SECTION -->`, where SECTION may be empty, or `<!-- transforms -->`;
//   a heading "### `NAME`" of a table or view of the database.
// A failure: no such section, table or view; or a column without a meaning.
Result<std::string> with_tables(std::string_view text);

}  // namespace repopipe::docs
