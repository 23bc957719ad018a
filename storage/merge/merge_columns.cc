#include <algorithm>

#include "storage/merge/merge_steps.h"
#include "storage/schema/resource_columns.h"

namespace repopipe {

Result<Columns> Columns::of(Database& database, std::string_view table,
                            const std::vector<std::string>& except) {
  auto statement = database.prepare("SELECT name FROM pragma_table_info(?1, 'main')");
  if (!statement) return fail(statement.error());
  statement->bind(table);
  Columns columns;
  for (;;) {
    const auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return columns;
    const std::string name(statement->text(0));
    if (std::ranges::find(except, name) == except.end())
      columns.names_.push_back(repopipe::quoted(name));
  }
}

std::string Columns::list(const std::string& prefix) const {
  std::string text;
  for (const std::string& name : names_) text += (text.empty() ? "" : ", ") + prefix + name;
  return text;
}

std::string Columns::texts(const std::string& prefix) const {
  std::string text;
  for (const std::string& name : names_) {
    text += (text.empty() ? "quote(" : ", quote(") + prefix + name + ")";
  }
  return text;
}

std::string Columns::updates() const {
  std::string text;
  for (const std::string& name : names_) {
    text += (text.empty() ? "" : ", ") + name + " = excluded." + name;
  }
  return text;
}

std::string is_earlier(const std::string& table) {
  const std::string known = table + ".first_seen_";
  return "(excluded.first_seen_at < " + known + "at OR (excluded.first_seen_at = " + known +
         "at AND (SELECT uid FROM main.runs WHERE id = excluded.first_seen_run) < "
         "(SELECT uid FROM main.runs WHERE id = " +
         known + "run)))";
}

}  // namespace repopipe
