// The history of the records of a resource: the tables of statistics, changes and list elements.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/model/records.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// The stored values of the columns that a batch does not have.
class StoredCells {
 public:
  void set(std::size_t field, const CellView& cell);
  CellView operator[](std::size_t field) const;

 private:
  std::map<std::size_t, std::variant<std::monostate, std::int64_t, std::string>> cells_;
};

// One row of a batch.  A column that the batch does not have takes its value from `stored`.
struct RowView {
  const RecordBatch* batch = nullptr;
  std::size_t row = 0;
  const StoredCells* stored = nullptr;

  CellView operator[](std::size_t field) const {
    return stored == nullptr || batch->is_told(field) ? batch->at(row, field) : (*stored)[field];
  }
};

// Threading: that of the Database, inside the caller's transaction.  `now` is the time of the
// listing.  The rows do not depend on the order in which the users of a run are written.
class History {
 public:
  History(Preparation& prepare, std::int64_t run_id, const ResourceColumns& columns);

  // A new record.
  Status begin(std::int64_t record, const RowView& row, std::string_view now);

  // Ends the current interval and begins one with the row's statistics.  If the current interval
  // did not begin before `now`, its values are replaced instead: two users of a run may list the
  // same record, and a clock may be set back.
  Status statistics(std::int64_t record, const RowView& row, std::string_view now);

  // Begins an interval with the stored statistics of the record.
  Status begin_again(std::int64_t record, std::string_view now);

  // The field has a new value.  Two changes of a field in one run are one row.
  Status changed(std::int64_t record, std::string_view field, const CellView& from,
                 const CellView& to, std::string_view now);
  // Deletes the changes of this run whose field has its old value again.
  Status forget_undone_changes(std::int64_t record);

  // Replaces the elements of a text list.  Does nothing for another field.
  Status elements(std::int64_t record, std::size_t field, const CellView& list);

 private:
  // The table of a text list.
  struct List {
    std::size_t field;
    Statement clear;
    Statement add;
    Statement add_all;
  };

  Status open_interval(std::int64_t record, const RowView& row, std::string_view now);
  static Status add_elements(List& list, std::int64_t record, const CellView& elements);

  std::int64_t run_id_;
  const ResourceColumns& columns_;
  Statement open_;
  Statement open_stored_;
  Statement end_;
  Statement amend_;
  Statement change_;
  Statement forget_;
  std::vector<List> lists_;
};

}  // namespace repopipe
