// The one form in which a list of texts stands in a cell: a JSON array of strings without white
// space (RFC 8259), as parse writes it.  The store reads it as JSON, so a wire must not bring less.
#pragma once

#include <msgpack.hpp>
#include <string_view>

#include "pipeline/model/records.h"

namespace repopipe {
bool is_text_list(std::string_view text);

// The rows of a page as they travel: one MessagePack array of all cells, row after row, as a binary
// value of its message, so that they are read straight into a batch.

void pack_cells(const RecordBatch& rows, msgpack::sbuffer& cells);

// Nothing is believed: throws msgpack::type_error unless the cells are whole rows of `fields`.
RecordBatch unpack_cells(std::string_view cells, Fields fields);

}  // namespace repopipe
