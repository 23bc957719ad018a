// The functions that a job runs over records between parse and store.  The table is
// stages/transform/transforms.cc; the job file names its rows.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model/records.h"

namespace repopipe {

// One entry of `transforms` in the job file.
struct TransformStep {
  std::string name{};
  std::vector<std::string> columns{};  // of its option `columns`

  friend bool operator==(const TransformStep&, const TransformStep&) = default;
};

// An option is a list of column names.
struct TransformOption {
  std::string_view name;
  std::string_view meaning;  // its line in docs/job-file.md
};

// A row of the table.
struct Transform {
  std::string_view name;
  std::string_view meaning;                  // its line in docs/job-file.md
  std::string_view needs;                    // column that it reads; "": none
  std::span<const TransformOption> options;  // all of them must be given
  // Changes the rows in place: removes some, or clears columns.  Records of a resource that lacks
  // the column stay as they are.  Threading: any.
  void (*apply)(RecordBatch& rows, const TransformStep& step);
};

std::span<const Transform> transforms();

// The row of that name; null when there is none.
const Transform* find_transform(std::string_view name);

}  // namespace repopipe
