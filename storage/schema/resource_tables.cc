// The tables of a resource, as SQL.
#include "storage/schema/tables.h"

namespace repopipe {
namespace {

std::string type_of(const Field& field) {
  switch (field.type) {
    case FieldType::integer:
      return "INTEGER";
    case FieldType::boolean:
      return "INTEGER CHECK (" + quoted(field.column) + " IN (0, 1))";
    case FieldType::text:
    case FieldType::time:
    case FieldType::text_list:
      return "TEXT";
  }
  return "ANY";
}

std::string column_sql(const Field& field) {
  std::string sql = added_column_sql(field);
  if (field.presence == Presence::required) sql += " NOT NULL";
  if (field.role == Role::account_id) sql += " REFERENCES users (id)";
  return sql;
}

// `%` is replaced by the columns of the fields, each followed by a comma.
TableSql table(const ResourceColumns& columns, std::string_view name, std::string_view text,
               std::vector<std::size_t> fields = {}) {
  std::string sql = sql_for(columns, text);
  const auto with_comma = [](const Field& field) { return "  " + column_sql(field) + ",\n"; };
  if (const auto at = sql.find("%\n"); at != sql.npos) {
    sql.replace(at, 2, joined(columns.fields, fields, with_comma, ""));
  }
  return {std::string(name), std::move(sql), std::move(fields)};
}

// `{key} INT` and not INTEGER: the id is then not the rowid, and the records of an account are
// adjacent.  The ids of one account on GitHub are spread over all years, so that each row would be
// on its own page.  Measured with such ids: half the time.
constexpr std::string_view kRecords = R"sql(
CREATE TABLE {table} (
  {key} INT PRIMARY KEY,
%
  first_seen_at TEXT NOT NULL,
  first_seen_run INTEGER NOT NULL REFERENCES runs (id),
  last_seen_at TEXT NOT NULL,
  last_changed_at TEXT,
  gone_since TEXT
) STRICT;
CREATE INDEX {table}_by_owner ON {table} ({parent}, gone_since, {key});
CREATE INDEX {table}_by_first_run ON {table} (first_seen_run);
)sql";

constexpr std::string_view kStats = R"sql(
CREATE TABLE {stats} (
  {reference} INTEGER NOT NULL REFERENCES {table} ({key}),
  valid_from TEXT NOT NULL,
  valid_to TEXT,
%
  PRIMARY KEY ({reference}, valid_from)
) STRICT, WITHOUT ROWID;
)sql";

constexpr std::string_view kChanges = R"sql(
CREATE TABLE {changes} (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  {reference} INTEGER NOT NULL REFERENCES {table} ({key}),
  field TEXT NOT NULL,
  old_value ANY,
  new_value ANY,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (run_id, {reference}, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX {changes}_by_{item} ON {changes} ({reference}, field, changed_at);
)sql";

constexpr std::string_view kMissing = R"sql(
CREATE TABLE {missing} (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  {reference} INTEGER NOT NULL REFERENCES {table} ({key}),
  login TEXT NOT NULL COLLATE NOCASE,
  missed_at TEXT NOT NULL,
  confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
  PRIMARY KEY (run_id, {reference})
) STRICT, WITHOUT ROWID;
CREATE INDEX {missing}_by_user ON {missing} (run_id, login);
)sql";

TableSql list_sql(const ResourceColumns& columns, std::size_t field) {
  const std::string name = columns.list_table(field), element = columns.list_element(field);
  return table(columns, name,
               "\nCREATE TABLE " + name +
                   " (\n  {reference} INTEGER NOT NULL REFERENCES {table} ({key}),\n  " + element +
                   " TEXT NOT NULL,\n  PRIMARY KEY ({reference}, " + element +
                   ")\n) STRICT, WITHOUT ROWID;\n");
}

// `last_seen_at` shows a merge which of two rows is newer.
constexpr std::string_view kStays = R"sql(
CREATE TABLE {table} (
  {parent} INTEGER NOT NULL REFERENCES users (id),
  {key} INTEGER NOT NULL%key%,
  since TEXT NOT NULL,
  until TEXT,
  last_seen_at TEXT NOT NULL,
%
  PRIMARY KEY ({parent}, {key}, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX {table}_by_{item} ON {table} ({key});
)sql";

// The key of a stay: the id of the record and that of its parent, because a record may have several
// parents.
constexpr std::string_view kStayChanges = R"sql(
CREATE TABLE {changes} (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  {parent} INTEGER NOT NULL REFERENCES users (id),
  {reference} INTEGER NOT NULL,
  field TEXT NOT NULL,
  old_value ANY,
  new_value ANY,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (run_id, {parent}, {reference}, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX {changes}_by_{item} ON {changes} ({parent}, {reference}, field, changed_at);
)sql";

std::vector<TableSql> stay_tables(const ResourceColumns& columns) {
  const bool is_account = columns.fields[columns.id].role == Role::account_id;
  std::string stays(kStays);
  stays.replace(stays.find("%key%"), 5, is_account ? " REFERENCES users (id)" : "");
  return {table(columns, columns.table, stays, columns.kept),
          table(columns, columns.changes, kStayChanges)};
}

}  // namespace

std::vector<TableSql> resource_tables(const ResourceColumns& columns) {
  if (columns.is_stay) return stay_tables(columns);
  std::vector<TableSql> tables{table(columns, columns.table, kRecords, columns.kept),
                               table(columns, columns.stats, kStats, columns.statistics)};
  for (const std::size_t field : columns.lists) tables.push_back(list_sql(columns, field));
  tables.push_back(table(columns, columns.changes, kChanges));
  tables.push_back(table(columns, columns.missing, kMissing));
  return tables;
}

std::string added_column_sql(const Field& field) {
  return quoted(field.column) + " " + type_of(field);
}

}  // namespace repopipe
