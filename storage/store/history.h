// The past of the repositories: `repo_stats`, `repo_changes` and `repo_topics`.
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

// What the database has of the columns that a batch does not tell.
class StoredCells {
 public:
  void set(std::size_t field, const CellView& cell);
  CellView operator[](std::size_t field) const;

 private:
  std::map<std::size_t, std::variant<std::monostate, std::int64_t, std::string>> cells_;
};

// One row of a batch; a column that is not told has the value of `stored`, or null.
struct RowView {
  const RecordBatch* batch = nullptr;
  std::size_t row = 0;
  const StoredCells* stored = nullptr;

  CellView operator[](std::size_t field) const {
    return stored == nullptr || batch->is_told(field) ? batch->at(row, field) : (*stored)[field];
  }
};

// Threading: that of the Database, inside the caller's transaction.  `now` is the moment of the
// listing.  Within one run the rows come out the same in whatever order its users are written.
class History {
 public:
  History(Preparation& prepare, std::int64_t run_id, const ResourceColumns& columns);

  // A repository that nothing was known of.
  Status begin(std::int64_t repo, const RowView& row, std::string_view now);

  // Ends the current interval and begins one with the row's statistics.  An interval that began no
  // earlier than `now` takes the new values instead: two users of a run may list one repository,
  // and clocks get set back.
  Status statistics(std::int64_t repo, const RowView& row, std::string_view now);

  // Begins an interval with the statistics that `repos` has.
  Status begin_again(std::int64_t repo, std::string_view now);

  // The field got another value.  A field that changes twice in a run stays one row.
  Status changed(std::int64_t repo, std::string_view field, const CellView& from,
                 const CellView& to, std::string_view now);
  // Forgets the fields that changed in this run and have their old value again.
  Status forget_undone_changes(std::int64_t repo);

  // Replaces the topics.
  Status topics(std::int64_t repo, const CellView& list);

 private:
  Status open_interval(std::int64_t repo, const RowView& row, std::string_view now);
  Status add_topics(std::int64_t repo, const CellView& list);

  std::int64_t run_id_;
  const ResourceColumns& columns_;
  Statement open_;
  Statement open_stored_;
  Statement end_;
  Statement amend_;
  Statement change_;
  Statement forget_;
  Statement clear_topics_;
  Statement add_topic_;
  Statement add_topics_;
};

}  // namespace repopipe
