// The tables of docs/ that follow from the program: keys of the job file, transforms, and columns
// of the database.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/base/failure.h"

namespace repopipe::docs {

// `text` with new tables.  A table is the block of lines that begin with `|` after a line `<!--
// keys SECTION -->`, where SECTION may be empty, or `<!-- transforms -->`, or after a heading "###
// `NAME`" of a table or view of the database. Fails if there is no such section, table or view, or
// a column has no meaning.
Result<std::string> with_tables(std::string_view text);

}  // namespace repopipe::docs
