#include "storage/query/database_diff.h"

#include <algorithm>
#include <array>

#include "pipeline/base/text.h"
#include "storage/schema/resource_columns.h"
#include "storage/schema/schema.h"

namespace repopipe {
namespace {

// A compared table.  Its key is unique within one run.
struct Table {
  std::string name;
  std::vector<std::string> key;
  bool is_changes = false;
};

void add_tables(const ResourceColumns& columns, std::vector<Table>& tables) {
  if (columns.is_stay) {
    tables.push_back({columns.table, {columns.parent, columns.key, "until"}});
    tables.push_back({columns.changes, {columns.parent, columns.reference, "field"}, true});
    return;
  }
  tables.push_back({columns.table, {columns.key}});
  for (const std::size_t field : columns.lists) {
    tables.push_back({columns.list_table(field), {columns.reference, columns.list_element(field)}});
  }
  tables.push_back({columns.stats, {columns.reference, "valid_to"}});
  tables.push_back({columns.changes, {columns.reference, "field"}, true});
}

std::vector<Table> tables_of(Resources resources) {
  std::vector<Table> tables{
      {"runs", {"job"}}, {"run_users", {"login"}},      {"run_listings", {"login", "resource"}},
      {"users", {"id"}}, {"user_renames", {"user_id"}}, {"listings", {"login", "resource"}}};
  for (const ResourceColumns& columns : columns_of(resources)) add_tables(columns, tables);
  return tables;
}

// Columns, of any table, that differ between two runs that did the same work.
// clang-format off
constexpr auto kLeftOut = std::to_array<std::string_view>({
    // the run, the program and its options
    "uid", "run_id", "first_seen_run", "version", "job_digest", "resumed",
    // times
    "started_at", "finished_at", "settled_at", "changed_at", "read_at", "valid_from",
    "first_seen_at", "last_seen_at", "last_changed_at", "empty_since", "since",
    // costs
    "requests", "requests_unchanged", "attempts", "bytes", "queued_ms", "fetch_ms", "parse_ms",
    "store_ms", "wall_ms", "starting_ms", "fetching_ms", "processing_ms", "waiting_ms",
    "finishing_ms", "fetch_busy_ms", "parse_busy_ms", "store_busy_ms", "plan_busy_ms",
    // depends on the failed requests
    "per_page", "good_runs", "error",
});
// clang-format on

bool is_compared(std::string_view table, std::string_view column) {
  if (table == "runs" && column == "id") return false;
  return std::ranges::count(kLeftOut, column) == 0;
}

// The compared value of a column, as SQL.
std::string value_sql(const Table& table, std::string_view side, std::string_view column) {
  const std::string cell = std::string(side) + '.' + repopipe::quoted(column);
  if (column == "gone_since" || column == "valid_to" || column == "until") {
    return '(' + cell + " IS NULL)";
  }
  if (table.is_changes && column.ends_with("_value")) {
    return "(CASE " + std::string(side) + ".field WHEN 'gone_since' THEN " + cell +
           " IS NULL ELSE " + cell + " END)";
  }
  return cell;
}

std::string listed(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : std::string(between)) + part;
  return text;
}

// Selects both sides of each row that differs: the keys of the left one, then of the right one,
// then each compared column of both.
std::string query_of(const Table& table, const std::vector<std::string>& columns,
                     std::size_t most) {
  std::vector<std::string> cells, same_row, order, other_value;
  for (const char* side : {"l", "r"}) {
    for (const auto& key : table.key) cells.push_back(value_sql(table, side, key));
  }
  for (const auto& key : table.key) {
    const std::string left = value_sql(table, "l", key);
    const std::string right = value_sql(table, "r", key);
    same_row.push_back(left + " = " + right);
    order.push_back("coalesce(" + left + ", " + right + ")");
    other_value.push_back(left + " IS NOT " + right);
  }
  for (const std::string& column : columns) {
    const std::string left = value_sql(table, "l", column);
    const std::string right = value_sql(table, "r", column);
    cells.insert(cells.end(), {left, right});
    // Elsewhere the collation of logins ignores case; here the spelling counts.
    other_value.push_back(left + " COLLATE BINARY IS NOT " + right);
  }
  const std::string name = repopipe::quoted(table.name);
  return "SELECT " + listed(cells, ", ") + " FROM main." + name + " l FULL JOIN other." + name +
         " r ON " + listed(same_row, " AND ") + " WHERE " + listed(other_value, " OR ") +
         " ORDER BY " + listed(order, ", ") + " LIMIT " + std::to_string(most);
}

// The value for display.
std::string shown(const Statement& row, int column) {
  const CellView cell = row.cell(column);
  if (std::holds_alternative<std::monostate>(cell)) return "NULL";
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
  return '"' + printable(std::get<std::string_view>(cell)) + '"';
}

// "repo_id 7, topic "sqlite"", from the side that has the row.
std::string key_of(const Statement& row, const Table& table, int first) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < table.key.size(); ++i) {
    if (table.key[i] == "valid_to" || table.key[i] == "until") continue;
    parts.push_back(table.key[i] + ' ' + shown(row, first + static_cast<int>(i)));
  }
  return listed(parts, ", ");
}

void add_row(const Statement& row, const Table& table, const std::vector<std::string>& columns,
             std::size_t most, std::vector<Difference>& found) {
  const auto keys = static_cast<int>(table.key.size());
  const std::string& name = table.name;
  if (row.is_null(0)) {
    found.push_back({Differs::only_right, name, key_of(row, table, keys), {}, {}, {}});
    return;
  }
  const std::string key = key_of(row, table, 0);
  if (row.is_null(keys)) {
    found.push_back({Differs::only_left, name, key, {}, {}, {}});
    return;
  }
  for (std::size_t i = 0; i < columns.size() && found.size() < most; ++i) {
    const int left = 2 * keys + 2 * static_cast<int>(i);
    if (row.equals(left, row.cell(left + 1))) continue;
    found.push_back(
        {Differs::value, name, key, columns[i], shown(row, left), shown(row, left + 1)});
  }
}

Result<std::vector<std::string>> columns_of(Database& database, std::string_view side,
                                            const Table& table) {
  auto statement = database.prepare("SELECT name FROM pragma_table_info(?1, ?2)");
  if (!statement) return fail(statement.error());
  statement->bind(std::string_view(table.name), side);
  std::vector<std::string> names;
  for (;;) {
    const auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return names;
    const std::string_view name = statement->text(0);
    const bool is_key = std::ranges::count(table.key, name) > 0;
    if (!is_key && is_compared(table.name, name)) names.emplace_back(name);
  }
}

Result<std::vector<Difference>> compare_table(Database& database, const Table& table,
                                              std::size_t most) {
  const auto columns = columns_of(database, "main", table);
  if (!columns) return fail(columns.error());
  const auto others = columns_of(database, "other", table);
  if (!others) return fail(others.error());
  if (*columns != *others) {
    return fail(FailureKind::output, "the two databases have different columns in the table " +
                                         table.name + "; write both with the same repopipe");
  }
  auto rows = database.prepare(query_of(table, *columns, most));
  if (!rows) return fail(rows.error());
  std::vector<Difference> found;
  while (found.size() < most) {
    const auto row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) break;
    add_row(*rows, table, *columns, most, found);
  }
  return found;
}

}  // namespace

Result<std::vector<Difference>> differences(const std::filesystem::path& left,
                                            const std::filesystem::path& right, Resources resources,
                                            std::size_t most, std::function<bool()> stops) {
  if (const auto other = open_reader(right); !other) return fail(other.error());
  auto database = open_reader(left);
  if (!database) return fail(database.error());
  database->stop_when(std::move(stops));
  const Status attached = database->attach(std::filesystem::absolute(right), "other");
  if (!attached) return fail(attached.error());
  std::vector<Difference> all;
  for (const Table& table : tables_of(resources)) {
    const auto found = compare_table(*database, table, most);
    if (!found) return fail(found.error());
    all.insert(all.end(), found->begin(), found->end());
  }
  return all;
}

std::string words_of(const Difference& difference, std::string_view left, std::string_view right) {
  const std::string row = difference.table + ' ' + difference.key + ": ";
  switch (difference.what) {
    case Differs::only_left:
      return row + "only with " + std::string(left);
    case Differs::only_right:
      return row + "only with " + std::string(right);
    case Differs::value:
      break;
  }
  return row + difference.column + " is " + difference.left + " with " + std::string(left) + ", " +
         difference.right + " with " + std::string(right);
}

}  // namespace repopipe
