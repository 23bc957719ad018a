#include "storage/schema/migrations.h"

#include <array>
#include <string>
#include <vector>

#include "storage/schema/resource_columns.h"
#include "storage/schema/schema.h"
#include "storage/schema/tables.h"
#include "storage/schema/views.h"

namespace repopipe {
namespace {

// Step N brings user_version from N to N + 1.  A released step never changes; a new one is added.
using Step = std::string (*)(Fields);
constexpr std::array<Step, 4> kSteps{tables_sql, listing_tables_sql, merging_sql, parts_sql};

// The version of an empty database that is not ours yet means nothing.
Result<std::int64_t> version_of(Database& database) {
  return database.integer("SELECT iif(application_id = " + std::to_string(kApplicationId) +
                          ", user_version, 0) FROM pragma_application_id, pragma_user_version");
}

Status take_steps(Database& database, Fields fields) {
  const auto version = version_of(database);
  if (!version) return fail(version.error());
  if (*version >= schema_version()) return {};
  for (auto step = static_cast<std::size_t>(*version); step < kSteps.size(); ++step) {
    if (auto done = database.execute(kSteps[step](fields)); !done) return done;
  }
  return database.execute("PRAGMA application_id = " + std::to_string(kApplicationId) +
                          "; PRAGMA user_version = " + std::to_string(schema_version()));
}

Result<std::vector<std::size_t>> missing_columns(Database& database, Fields fields,
                                                 const std::string& table,
                                                 const std::vector<std::size_t>& wanted) {
  auto known = database.prepare("SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2");
  if (!known) return fail(known.error());
  std::vector<std::size_t> missing;
  for (const std::size_t index : wanted) {
    const auto found = known->bind(std::string_view(table), fields[index].column).step();
    if (!found) return fail(found.error());
    known->reset();
    if (!*found) missing.push_back(index);
  }
  return missing;
}

// Every page must be read again when there is a field that its rows lack: while a page does not
// change the API would answer that it is unchanged, and the column would stay NULL.
Status add_columns(Database& database, Fields fields, const std::string& table,
                   const std::vector<std::size_t>& wanted) {
  const auto missing = missing_columns(database, fields, table, wanted);
  if (!missing) return fail(missing.error());
  for (const std::size_t index : *missing) {
    auto added = database.execute("ALTER TABLE " + table + " ADD COLUMN " +
                                  added_column_sql(fields[index]) + "; DELETE FROM pages");
    if (!added) return added;
  }
  return {};
}

Result<bool> is_same(Database& database, const View& view) {
  auto known = database.prepare("SELECT sql FROM sqlite_schema WHERE type = 'view' AND name = ?1");
  if (!known) return fail(known.error());
  const auto found = known->bind(view.name).step();
  if (!found) return fail(found.error());
  return *found && known->text(0) == view.sql;
}

Status renew_view(Database& database, const View& view) {
  const auto same = is_same(database, view);
  if (!same) return fail(same.error());
  if (*same) return {};
  return database.execute("DROP VIEW IF EXISTS " + std::string(view.name) + "; " + view.sql);
}

// Found out by reading alone: a run that finds nothing to do waits for nobody who writes.
Result<bool> is_current(Database& database, Fields fields) {
  const auto version = version_of(database);
  if (!version) return fail(version.error());
  if (*version != schema_version()) return false;
  const ResourceColumns columns(fields);
  const auto missing = missing_columns(database, fields, "repos", columns.kept);
  if (!missing) return fail(missing.error());
  const auto lacking = missing_columns(database, fields, "repo_stats", columns.statistics);
  if (!lacking) return fail(lacking.error());
  if (!missing->empty() || !lacking->empty()) return false;
  for (const View& view : views(fields)) {
    const auto same = is_same(database, view);
    if (!same || !*same) return same;
  }
  return true;
}

}  // namespace

std::int64_t schema_version() {
  return static_cast<std::int64_t>(kSteps.size());
}

Status migrate(Database& database, Fields fields) {
  const auto current = is_current(database, fields);
  if (!current) return fail(current.error());
  if (*current) return {};
  auto transaction = Transaction::begin(database, TransactionKind::write);
  if (!transaction) return fail(transaction.error());
  const ResourceColumns columns(fields);
  Status done = take_steps(database, fields);
  if (done) done = add_columns(database, fields, "repos", columns.kept);
  if (done) done = add_columns(database, fields, "repo_stats", columns.statistics);
  for (const View& view : views(fields)) {
    if (done) done = renew_view(database, view);
  }
  return done ? transaction->commit() : done;
}

}  // namespace repopipe
