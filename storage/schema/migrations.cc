#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "storage/schema/resource_columns.h"
#include "storage/schema/schema.h"
#include "storage/schema/tables.h"

namespace repopipe {
namespace {

// Ignores the version of an empty database without our application id.
Result<std::int64_t> version_of(Database& database) {
  return database.integer("SELECT iif(application_id = " + std::to_string(kApplicationId) +
                          ", user_version, 0) FROM pragma_application_id, pragma_user_version");
}

Status take_steps(Database& database) {
  const auto version = version_of(database);
  if (!version) return fail(version.error());
  if (*version >= schema_version()) return {};
  const std::vector<std::string> steps = schema_steps();
  for (auto step = static_cast<std::size_t>(*version); step < steps.size(); ++step) {
    if (auto done = database.execute(steps[step]); !done) return done;
  }
  return database.execute("PRAGMA application_id = " + std::to_string(kApplicationId) +
                          "; PRAGMA user_version = " + std::to_string(schema_version()));
}

Result<bool> has_table(Database& database, const TableSql& table) {
  const auto found =
      number_of(database, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1",
                std::string_view(table.name));
  if (!found) return fail(found.error());
  return found->has_value();
}

// For an existing table.
Result<std::vector<std::size_t>> missing_columns(Database& database, Fields fields,
                                                 const TableSql& table) {
  auto known = database.prepare("SELECT name FROM pragma_table_info(?1)");
  if (!known) return fail(known.error());
  known->bind(std::string_view(table.name));
  std::set<std::string, std::less<>> names;
  while (true) {
    const auto row = known->step();
    if (!row) return fail(row.error());
    if (!*row) break;
    names.emplace(known->text(0));
  }
  std::vector<std::size_t> missing = table.columns;
  std::erase_if(missing, [&](std::size_t index) { return names.contains(fields[index].column); });
  return missing;
}

// After a new field, every page must be read again: otherwise the API answers 304 for an unchanged
// page, and the column stays NULL.
Status add_columns(Database& database, const ResourceColumns& columns, const TableSql& table) {
  const auto missing = missing_columns(database, columns.fields, table);
  if (!missing) return fail(missing.error());
  for (const std::size_t index : *missing) {
    auto added = database.execute(
        "ALTER TABLE " + table.name + " ADD COLUMN " + added_column_sql(columns.fields[index]) +
        sql_for(columns, "; DELETE FROM pages WHERE resource = {resource}"));
    if (!added) return added;
  }
  return {};
}

// For a resource that is new, or new to an older schema.  Does not create a table again that the
// user has dropped: the statements that need it fail.
Status complete_tables(Database& database, const ResourceColumns& columns, bool is_older) {
  const std::vector<TableSql> tables = resource_tables(columns);
  std::vector<const TableSql*> lacking;
  for (const TableSql& table : tables) {
    const auto there = has_table(database, table);
    if (!there) return fail(there.error());
    if (!*there) lacking.push_back(&table);
  }
  if (is_older || lacking.size() == tables.size()) {
    for (const TableSql* table : lacking) {
      if (auto made = database.execute(table->sql); !made) return made;
    }
  }
  for (const TableSql& table : tables) {
    if (auto added = add_columns(database, columns, table); !added) return added;
  }
  return {};
}

Result<bool> is_complete(Database& database, const ResourceColumns& columns,
                         const TableSql& table) {
  const auto there = has_table(database, table);
  if (!there || !*there) return there;
  const auto missing = missing_columns(database, columns.fields, table);
  if (!missing) return fail(missing.error());
  return missing->empty();
}

Result<bool> is_same(Database& database, const View& view) {
  auto known = database.prepare("SELECT sql FROM sqlite_schema WHERE type = 'view' AND name = ?1");
  if (!known) return fail(known.error());
  const auto found = known->bind(std::string_view(view.name)).step();
  if (!found) return fail(found.error());
  return *found && known->text(0) == view.sql;
}

Status renew_view(Database& database, const View& view) {
  const auto same = is_same(database, view);
  if (!same) return fail(same.error());
  if (*same) return {};
  return database.execute("DROP VIEW IF EXISTS " + view.name + "; " + view.sql);
}

// Only reads, so that an up-to-date database does not have to wait for another writer.
Result<bool> is_current(Database& database, const std::vector<ResourceColumns>& resources) {
  const auto version = version_of(database);
  if (!version) return fail(version.error());
  if (*version != schema_version()) return false;
  for (const ResourceColumns& columns : resources) {
    for (const TableSql& table : resource_tables(columns)) {
      const auto complete = is_complete(database, columns, table);
      if (!complete || !*complete) return complete;
    }
  }
  for (const View& view : views(resources)) {
    const auto same = is_same(database, view);
    if (!same || !*same) return same;
  }
  return true;
}

Status bring_up_to_date(Database& database, const std::vector<ResourceColumns>& resources) {
  const auto version = version_of(database);
  if (!version) return fail(version.error());
  Status done = take_steps(database);
  for (const ResourceColumns& columns : resources) {
    if (done) done = complete_tables(database, columns, *version < schema_version());
  }
  for (const View& view : views(resources)) {
    if (done) done = renew_view(database, view);
  }
  return done;
}

}  // namespace

std::int64_t schema_version() {
  return static_cast<std::int64_t>(schema_steps().size());
}

Status migrate(Database& database, Resources resources) {
  const std::vector<ResourceColumns> columns = columns_of(resources);
  const auto current = is_current(database, columns);
  if (!current) return fail(current.error());
  if (*current) return {};
  auto transaction = Transaction::begin(database, TransactionKind::write);
  if (!transaction) return fail(transaction.error());
  const Status done = bring_up_to_date(database, columns);
  return done ? transaction->commit() : done;
}

}  // namespace repopipe
