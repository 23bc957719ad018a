#include "pipeline/model/records.h"

#include <algorithm>
#include <utility>

namespace repopipe {

const Resource* find_resource(Resources resources, int id) {
  const auto found = std::ranges::find(resources, id, &Resource::id);
  return found == resources.end() ? nullptr : *found;
}

bool lacks_parent(const Resource& resource) {
  return std::ranges::find(resource.fields, resource.parent.column, &Field::column) ==
         resource.fields.end();
}
void RecordBatch::change_texts(const std::function<std::string(std::string_view)>& change) {
  const std::string before = std::exchange(arena_, {});
  for (Cell& cell : cells_) {
    if (cell.kind != CellKind::text) continue;
    const std::string text =
        change(std::string_view(before).substr(static_cast<std::size_t>(cell.value), cell.length));
    cell.value = static_cast<std::int64_t>(arena_.size());
    cell.length = static_cast<std::uint32_t>(text.size());
    arena_ += text;
  }
}

std::optional<std::size_t> RecordBatch::find(std::string_view column) const {
  const auto field = std::ranges::find(fields_, column, &Field::column);
  if (field == fields_.end()) return std::nullopt;
  return static_cast<std::size_t>(field - fields_.begin());
}

void RecordBatch::remove_if(const std::function<bool(std::size_t)>& drops) {
  const std::size_t width = fields_.size();
  const std::size_t height = rows();
  auto end = cells_.begin();
  for (std::size_t row = 0; row < height; ++row) {
    if (drops(row)) continue;
    const auto begin = cells_.begin() + static_cast<std::ptrdiff_t>(row * width);
    end = std::copy_n(begin, width, end);
  }
  cells_.erase(end, cells_.end());
}

void RecordBatch::clear_column(std::size_t field) {
  not_told_ |= std::uint64_t{1} << field;
  const std::size_t width = fields_.size();
  for (std::size_t at = field; at < cells_.size(); at += width)
    cells_[at] = {CellKind::null, 0U, 0};
}

bool operator==(const RecordBatch& left, const RecordBatch& right) {
  const std::size_t width = left.fields_.size();
  if (left.rows() != right.rows() || left.not_told_ != right.not_told_) return false;
  if (left.rows() > 0 && width != right.fields_.size()) return false;
  for (std::size_t i = 0; i < left.rows() * width; ++i) {
    if (left.at(i / width, i % width) != right.at(i / width, i % width)) return false;
  }
  return true;
}

}  // namespace repopipe
