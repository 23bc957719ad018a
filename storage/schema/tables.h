// The tables and views as SQL.  The meaning of the columns is in docs/database.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/schema/resource_columns.h"

namespace repopipe {

// The tables that do not depend on a resource.  Step N, counted from 0, changes `user_version` from
// N to N + 1.  A released step never changes: add a new one.
std::vector<std::string> schema_steps();

// The step that adds the totals of runs.  Requests of existing runs are counted; what these runs
// waited for, and their tokens, is unknown.
std::string run_totals_step();

// Fills `run_requests` from `requests`.  `where`: a condition, "WHERE run_id = ?1"; "": all runs.
std::string count_requests_sql(std::string_view where);

struct TableSql {
  std::string name;
  std::string sql;                   // CREATE TABLE and its indexes
  std::vector<std::size_t> columns;  // the fields that are columns; an older table may lack some
};

// The tables of a resource: the records and their history.
std::vector<TableSql> resource_tables(const ResourceColumns& columns);

// The declaration of a column that is added to a table with rows: as in resource_tables, but it may
// be NULL, because old rows have no value.
std::string added_column_sql(const Field& field);

struct View {
  std::string name;
  std::string sql;  // the CREATE VIEW statement, as SQLite stores it
};

// All views of the resources, without those that need a column that the provider does not have.
std::vector<View> views(const std::vector<ResourceColumns>& resources);

}  // namespace repopipe
