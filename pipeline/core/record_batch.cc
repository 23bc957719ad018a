#include "pipeline/core/record_batch.h"

#include <cassert>

namespace repopipe {

void RecordBatch::add_null() {
  cells_.push_back({CellKind::null, 0, 0});
}

void RecordBatch::add_integer(std::int64_t value) {
  cells_.push_back({CellKind::integer, 0, value});
}

void RecordBatch::add_text(std::string_view text) {
  cells_.push_back({CellKind::text, static_cast<std::uint32_t>(text.size()),
                    static_cast<std::int64_t>(arena_.size())});
  arena_.append(text);
}

CellView RecordBatch::at(std::size_t row, std::size_t field) const {
  const std::size_t index = row * fields_.size() + field;
  assert(field < fields_.size() && index < cells_.size());
  const Cell& cell = cells_[index];
  switch (cell.kind) {
    case CellKind::null:
      return std::monostate{};
    case CellKind::integer:
      return cell.value;
    case CellKind::text:
      return std::string_view(arena_).substr(static_cast<std::size_t>(cell.value), cell.length);
  }
  return std::monostate{};
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
