// The transforms and their table.
#include <algorithm>
#include <array>

#include "pipeline/model/transform.h"

namespace repopipe {
namespace {

// Removes the rows whose boolean column is true.
void drop_where(RecordBatch& rows, std::string_view column) {
  const auto field = rows.find(column);
  if (!field) return;
  rows.remove_if(
      [&](std::size_t row) { return rows.at(row, *field) == CellView(std::int64_t{1}); });
}

void drop_forks(RecordBatch& rows, const TransformStep&) {
  drop_where(rows, "fork");
}

void drop_archived(RecordBatch& rows, const TransformStep&) {
  drop_where(rows, "archived");
}

// Required fields name the record or its owner and always stay.
void keep_columns(RecordBatch& rows, const TransformStep& step) {
  const Fields fields = rows.fields();
  for (std::size_t field = 0; field < fields.size(); ++field) {
    const bool stays = fields[field].presence == Presence::required ||
                       fields[field].identity == Identity::yes ||
                       std::ranges::find(step.columns, fields[field].column) != step.columns.end();
    if (!stays) rows.clear_column(field);
  }
}

constexpr std::array kColumns{
    TransformOption{"columns", "the columns to keep, besides ids, names and the owner"}};

constexpr std::array kTransforms{
    Transform{"drop_forks", "Forks are not stored.", "fork", {}, drop_forks},
    Transform{
        "drop_archived", "Archived repositories are not stored.", "archived", {}, drop_archived},
    Transform{
        "keep_columns",
        "Only these columns are stored. Others keep the values that the database has, and are "
        "null in new rows.",
        "", kColumns, keep_columns}};

std::vector<std::int64_t> ids_of(const RecordBatch& rows) {
  std::vector<std::int64_t> ids;
  const auto id = static_cast<std::size_t>(
      std::ranges::find(rows.fields(), Identity::yes, &Field::identity) - rows.fields().begin());
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    ids.push_back(std::get<std::int64_t>(rows.at(row, id)));
  }
  return ids;
}

}  // namespace

std::span<const Transform> transforms() {
  return kTransforms;
}

const Transform* find_transform(std::string_view name) {
  const auto row = std::ranges::find(kTransforms, name, &Transform::name);
  return row == kTransforms.end() ? nullptr : &*row;
}

void transform(Page& page, std::span<const TransformStep> steps) {
  if (steps.empty()) return;
  std::vector<std::int64_t> before = ids_of(page.rows);
  for (const TransformStep& step : steps) {
    if (const Transform* row = find_transform(step.name)) row->apply(page.rows, step);
  }
  const std::vector<std::int64_t> after = ids_of(page.rows);
  auto left = after.begin();  // the order of rows does not change
  for (const std::int64_t id : before) {
    if (left != after.end() && *left == id) {
      ++left;
    } else {
      page.dropped_ids.push_back(id);
    }
  }
}

}  // namespace repopipe
