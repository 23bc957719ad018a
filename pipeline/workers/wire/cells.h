// The form of a text list in a cell: a JSON array of strings without white space (RFC 8259), as
// parse writes it.  The store reads it as JSON, so a message must not contain anything else.
#pragma once

#include <msgpack.hpp>
#include <string_view>

#include "pipeline/model/records.h"

namespace repopipe {
bool is_text_list(std::string_view text);

// The rows of a page in a message: one MessagePack array of all cells, row by row, inside a binary
// value, so that they are read directly into a batch.

void pack_cells(const RecordBatch& rows, msgpack::sbuffer& cells);

// Throws msgpack::type_error unless the cells are complete, valid rows of `fields`.
RecordBatch unpack_cells(std::string_view cells, Fields fields);

}  // namespace repopipe
