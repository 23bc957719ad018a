// The table of a resource whose rows are stays, such as `members`, and the table of its changes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/records/history.h"
#include "storage/records/run_interval.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// An open stay: `until` is NULL.
struct Stay {
  std::int64_t parent;
  std::int64_t id;
  std::string since;
  bool seen_this_run;
};

// Threading: that of the Database, inside the caller's transaction.  `now` is the time of the
// listing.
class StayTable {
 public:
  // Rows of this run have a time within `span`.  `span` and `columns` outlive this.
  StayTable(Preparation& prepare, std::int64_t run_id, const RunInterval& span,
            const ResourceColumns& columns);

  // The open stays, by id.
  Result<std::vector<Stay>> open(std::int64_t parent);

  Status begin(std::int64_t parent, std::int64_t id, const RowView& row, std::string_view now);
  // Begins a stay with the fields of the last one.  False: there is none.
  Result<bool> begin_again(std::int64_t parent, std::int64_t id, std::string_view now);
  // Updates an open stay to the values of the row.  True: a field has changed.
  Result<bool> update(const Stay& stay, const RowView& told, std::string_view now);
  // The record was seen.
  Status touch(const Stay& stay, std::string_view now);
  Status end(const Stay& stay, std::string_view now);

 private:
  StoredCells stored_cells(const RowView& row) const;
  Result<bool> record_differences(const Stay& stay, const RowView& row, std::string_view now);
  Status write(const Stay& stay, const RowView& row, std::string_view now);

  std::int64_t run_id_;
  const RunInterval& span_;
  const ResourceColumns& columns_;
  Statement open_;
  Statement find_;
  Statement begin_;
  Statement begin_again_;
  Statement update_;
  Statement touch_;
  Statement end_;
  Statement change_;
  Statement forget_;
};

}  // namespace repopipe
