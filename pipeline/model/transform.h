// Transforms: functions of a job that change records between parse and store.  The table and the
// functions are in stages/transform/transforms.cc.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model/listing.h"
#include "pipeline/model/records.h"

namespace repopipe {

// An entry of `transforms` in the job file.
struct TransformStep {
  std::string name{};
  std::vector<std::string> columns{};  // value of its option `columns`

  friend bool operator==(const TransformStep&, const TransformStep&) = default;
};

// An option is a list of column names.
struct TransformOption {
  std::string_view name;
  std::string_view meaning;  // its line in docs/job-file.md
};

// A row of the table of transforms.
struct Transform {
  std::string_view name;
  std::string_view meaning;                  // its line in docs/job-file.md
  std::string_view needs;                    // column that it reads; "": none
  std::span<const TransformOption> options;  // all are required
  // Changes the rows in place: removes rows or clears columns.  Records of a resource without the
  // column do not change.  Threading: any.
  void (*apply)(RecordBatch& rows, const TransformStep& step);
};

std::span<const Transform> transforms();

// The transform of that name; null: there is none.
const Transform* find_transform(std::string_view name);

// The transform stage: applies the steps to the page in order.  The ids of removed records are
// added to `Page::dropped_ids`: they are in the list, so they are not missing.  Each step is a row
// of `transforms()`.  Threading: any.
void transform(Page& page, std::span<const TransformStep> steps);

}  // namespace repopipe
