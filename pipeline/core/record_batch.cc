#include "pipeline/core/record_batch.h"

namespace repopipe {

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
