// The meaning of each column that is not the field of a record.  The tables of docs/database.md are
// written from this table and from the resources.
#pragma once

#include <span>
#include <string_view>

namespace repopipe {

struct ColumnMeaning {
  std::string_view table;  // or view
  std::string_view column;
  std::string_view meaning;
};

// Of static storage duration.
std::span<const ColumnMeaning> meanings_of_runs();     // tables of what runs did
std::span<const ColumnMeaning> meanings_of_records();  // the other tables
std::span<const ColumnMeaning> meanings_of_views();

}  // namespace repopipe
