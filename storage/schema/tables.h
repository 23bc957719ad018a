// The tables as SQL; what the columns mean is in docs/database.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/schema/resource_columns.h"

namespace repopipe {

// The tables that do not depend on a resource: step N, counted from 0, brings `user_version` from N
// to N + 1.  A released step never changes; a new one is added.
std::vector<std::string> schema_steps();

struct TableSql {
  std::string name;
  std::string sql;                   // CREATE TABLE and its indexes
  std::vector<std::size_t> columns;  // of fields, which a table that is there may lack
};

// The tables of a resource: the records, and their past.
std::vector<TableSql> resource_tables(const ResourceColumns& columns);

// How a column is declared when it comes to a table that has rows: as in resource_tables, but it
// may be NULL, because nothing is known of the past.
std::string added_column_sql(const Field& field);

}  // namespace repopipe
