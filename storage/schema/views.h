// The views, see docs/database.md.
#pragma once

#include <string>
#include <vector>

#include "storage/schema/resource_columns.h"

namespace repopipe {

struct View {
  std::string name;
  std::string sql;  // the CREATE VIEW statement, as SQLite stores it
};

// All views of the resources, without those that need a column that the provider does not have.
std::vector<View> views(const std::vector<ResourceColumns>& resources);

}  // namespace repopipe
