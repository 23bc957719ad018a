#include "tests/docs/described_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "pipeline/model/provider.h"
#include "storage/schema/column_meanings.h"
#include "storage/schema/schema.h"

namespace repopipe::docs {
namespace {

// The meaning of a column that is a field of a record; empty if there is none.
std::string_view meaning_of_field(std::string_view column) {
  for (const Resource* resource : providers().front()->resources) {
    const auto field = std::ranges::find(resource->fields, column, &Field::column);
    if (field != resource->fields.end()) return field->meaning;
  }
  return {};
}

}  // namespace

std::string_view meaning_of_column(std::string_view table, std::string_view column) {
  for (const auto& rows : {meanings_of_runs(), meanings_of_records(), meanings_of_views()}) {
    for (const ColumnMeaning& row : rows) {
      if (row.table == table && row.column == column) return row.meaning;
    }
  }
  return {};
}

Scratch::Scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "docs-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

DescribedSchema::DescribedSchema() {
  auto opened = open_database(scratch_.path() / "docs.db", providers().front()->resources);
  if (!opened) throw std::runtime_error(opened.error().message);
  database_.emplace(std::move(*opened));
}

Result<std::vector<std::string>> DescribedSchema::names() {
  auto found = database_->prepare(
      "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY type, name");
  if (!found) return fail(found.error());
  std::vector<std::string> names;
  for (;;) {
    const auto row = found->step();
    if (!row) return fail(row.error());
    if (!*row) return names;
    names.emplace_back(found->text(0));
  }
}

Result<std::vector<DescribedColumn>> DescribedSchema::columns(std::string_view table) {
  auto found = database_->prepare("SELECT name FROM pragma_table_info(?1)");
  if (!found) return fail(found.error());
  found->bind(table);
  std::vector<DescribedColumn> columns;
  for (;;) {
    const auto row = found->step();
    if (!row) return fail(row.error());
    if (!*row) return columns;
    std::string column(found->text(0));
    const std::string_view own = meaning_of_column(table, column);
    const std::string_view meaning = own.empty() ? meaning_of_field(column) : own;
    if (meaning.empty()) {
      return fail(FailureKind::internal, fmt::format("{}.{} has no meaning", table, column));
    }
    columns.push_back({std::move(column), meaning});
  }
}

}  // namespace repopipe::docs
