// configs/datasette.yaml: titles, descriptions of tables and columns, and queries for Datasette.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/base/failure.h"

namespace repopipe::docs {

// Metadata of Datasette (https://docs.datasette.io/en/stable/metadata.html) for a database
// `repos.db`.  The descriptions of tables are the first paragraph below "### `NAME`" in
// `database_md`, docs/database.md; the queries are those of `queries_md`, docs/queries.md.  Fails
// if a table, view or column has no description.
Result<std::string> datasette_metadata(std::string_view database_md, std::string_view queries_md);

}  // namespace repopipe::docs
