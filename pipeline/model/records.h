// The parsed rows of one page: a flat table of cells in the order of the fields, and one buffer for
// all strings.  Parse writes it, the store reads it.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/model/resource.h"

namespace repopipe {
// The value of a cell.  Booleans are 0 or 1; a text list is a JSON array of strings. The view is
// valid until the batch changes or is destroyed.
using CellView = std::variant<std::monostate, std::int64_t, std::string_view>;

// Threading: one thread at a time.
class RecordBatch {
 public:
  explicit RecordBatch(Fields fields) : fields_(fields) {}

  // Append the cells of a row from left to right; a row is complete when every field has a cell.
  void add_null() { cells_.emplace_back(CellKind::null, 0U, 0); }
  void add_integer(std::int64_t value) { cells_.emplace_back(CellKind::integer, 0U, value); }
  void add_text(std::string_view text) {
    cells_.emplace_back(CellKind::text, static_cast<std::uint32_t>(text.size()),
                        static_cast<std::int64_t>(arena_.size()));
    arena_.append(text);
  }

  // Replace the value of an existing cell.
  void set_null(std::size_t row, std::size_t field) {
    cells_[row * fields_.size() + field] = Cell(CellKind::null, 0U, 0);
  }
  void set_text(std::size_t row, std::size_t field, std::string_view text) {
    cells_[row * fields_.size() + field] =
        Cell(CellKind::text, static_cast<std::uint32_t>(text.size()),
             static_cast<std::int64_t>(arena_.size()));
    arena_.append(text);
  }

  // Reserves memory for more cells, and for `bytes` of text.
  void reserve(std::size_t cells, std::size_t bytes) {
    cells_.reserve(cells);
    arena_.reserve(bytes);
  }

  std::size_t rows() const { return fields_.empty() ? 0 : cells_.size() / fields_.size(); }
  CellView at(std::size_t row, std::size_t field) const {
    const std::size_t index = row * fields_.size() + field;
    assert(field < fields_.size() && index < cells_.size());
    const Cell& cell = cells_[index];
    switch (cell.kind) {
      case CellKind::null:
        return std::monostate{};
      case CellKind::integer:
        return cell.value;
      case CellKind::text:
        return std::string_view(arena_.data() + cell.value, cell.length);
    }
    return std::monostate{};
  }
  Fields fields() const { return fields_; }

  // The index of a column; nothing: there is no such column.
  std::optional<std::size_t> find(std::string_view column) const;

  // Removes the rows for which `drops(row)` is true.  The texts of removed rows stay in the arena.
  void remove_if(const std::function<bool(std::size_t)>& drops);

  // Marks the column as not sent: stored values stay, and this is no change.
  void clear_column(std::size_t field);
  bool is_told(std::size_t field) const { return ((not_told_ >> field) & 1U) == 0; }

  // The cleared columns, one bit per field, from the lowest.
  std::uint64_t not_told() const { return not_told_; }
  void set_not_told(std::uint64_t fields) { not_told_ = fields; }

  // The buffer with all strings.
  std::string_view texts() const { return arena_; }

  // Replaces each string by `change(string)`.
  void change_texts(const std::function<std::string(std::string_view)>& change);

  // Compares rows and cells.
  friend bool operator==(const RecordBatch& left, const RecordBatch& right);

 private:
  enum class CellKind : std::uint32_t { null, integer, text };
  struct Cell {
    // Constructed in place: copying a cell that was just written in parts causes a store-forwarding
    // stall.
    Cell(CellKind of, std::uint32_t size, std::int64_t number)
        : kind(of), length(size), value(number) {}

    CellKind kind;
    std::uint32_t length;  // of a string, in bytes
    std::int64_t value;    // the integer, or the offset of the string in `arena_`
  };

  Fields fields_;  // at most 64
  std::uint64_t not_told_ = 0;
  std::vector<Cell> cells_;
  std::string arena_;
};

}  // namespace repopipe
