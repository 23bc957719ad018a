// What each column of the database says, besides the fields of records: docs/database.md is written
// from here and from the resources.
#pragma once

#include <span>
#include <string_view>

namespace repopipe {

struct ColumnMeaning {
  std::string_view table;  // or view
  std::string_view column;
  std::string_view meaning;
};

// Live for ever.
std::span<const ColumnMeaning> meanings_of_runs();     // tables of what runs did
std::span<const ColumnMeaning> meanings_of_records();  // the other tables
std::span<const ColumnMeaning> meanings_of_views();

}  // namespace repopipe
