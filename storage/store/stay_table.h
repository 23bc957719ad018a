// The table of a resource whose rows are stays, and that of its changes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"
#include "storage/store/history.h"
#include "storage/store/run_interval.h"

namespace repopipe {

// An open one: `until` is NULL.
struct Stay {
  std::int64_t parent;
  std::int64_t id;
  std::string since;
  bool seen_this_run;
};

// Threading: that of the Database, inside the caller's transaction.  `now` is the moment of the
// listing.
class StayTable {
 public:
  // Rows of this run carry a time of `span`.  It and `columns` must outlive it.
  StayTable(Preparation& prepare, std::int64_t run_id, const RunInterval& span,
            const ResourceColumns& columns);

  // By id.
  Result<std::vector<Stay>> open(std::int64_t parent);

  Status begin(std::int64_t parent, std::int64_t id, const RowView& row, std::string_view now);
  // With the fields of the last stay.  False: there is none.
  Result<bool> begin_again(std::int64_t parent, std::int64_t id, std::string_view now);
  // Brings an open stay up to what the row says.  True: a field has changed.
  Result<bool> update(const Stay& stay, const RowView& told, std::string_view now);
  // It was seen.
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
