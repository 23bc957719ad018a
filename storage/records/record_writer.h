// Updates a known record to the values of a listing.  Used by ListingWriter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/records/history.h"
#include "storage/records/run_interval.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// Threading: that of the Database, inside the caller's transaction.
class RecordWriter {
 public:
  // Rows of this run have a time within `span`.  `span`, `columns` and `history` outlive this.
  RecordWriter(Preparation& prepare, const RunInterval& span, const ResourceColumns& columns,
               History& history);

  // True if the record counts as changed: a field differs, or it is back.
  Result<bool> update(std::int64_t record, const RowView& told, std::string_view now);

  // Accounts whose list has, or had, a record that now belongs to another account.  Returns those
  // since the last call.
  std::vector<std::int64_t> take_disputed() { return std::exchange(disputed_, {}); }

  // A record that is gone is on an unchanged page: it is back with its stored values.
  Status reappear(std::int64_t record, std::string_view now);

 private:
  struct Known {
    std::string gone_since;  // empty while present
    bool seen_this_run = false;
    bool newer = false;  // this run has already seen it in a later listing
  };
  struct Difference {
    bool attributes = false;
    bool statistics = false;
  };

  Result<Difference> record_differences(std::int64_t record, const RowView& row);
  Known known() const;
  // The values in find_ of the columns that the row does not have.
  StoredCells stored_cells(const RowView& row) const;
  void note_owner(const RowView& row, bool is_older);
  Status tell_return(std::int64_t record, const Known& known);
  Status write(std::int64_t record, const RowView& row, bool attributes_changed);

  const RunInterval& span_;
  const ResourceColumns& columns_;
  History& history_;
  int owner_column_;  // of find_
  Statement find_;
  Statement update_;
  Statement touch_;
  Statement back_;
  std::string_view now_;
  std::vector<std::int64_t> disputed_;
};

}  // namespace repopipe
