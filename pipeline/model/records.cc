#include "pipeline/model/records.h"

#include <utility>

namespace repopipe {
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

bool operator==(const RecordBatch& left, const RecordBatch& right) {
  const std::size_t width = left.fields_.size();
  if (left.rows() != right.rows()) return false;
  if (left.rows() > 0 && width != right.fields_.size()) return false;
  for (std::size_t i = 0; i < left.rows() * width; ++i) {
    if (left.at(i / width, i % width) != right.at(i / width, i % width)) return false;
  }
  return true;
}

}  // namespace repopipe
