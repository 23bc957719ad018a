// The views: each answers one question of docs/database.md with a plain SELECT.
#pragma once

#include <string>
#include <vector>

#include "storage/schema/resource_columns.h"

namespace repopipe {

struct View {
  std::string name;
  std::string sql;  // the whole CREATE VIEW, as SQLite keeps it
};

// All views that the resources allow: one that needs a column the provider lacks is left out.
std::vector<View> views(const std::vector<ResourceColumns>& resources);

}  // namespace repopipe
