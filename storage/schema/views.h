// The views: each answers one question of docs/database.md with a plain SELECT.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model/resource.h"

namespace repopipe {
struct View {
  std::string_view name;
  std::string sql;  // the whole CREATE VIEW, as SQLite keeps it
};

// All views that the fields allow: one that needs a column the provider lacks is left out.
std::vector<View> views(Fields fields);

// `repos_as_of`: every repository with every field as it was at the end of a day (UTC).
std::string repos_as_of_sql(Fields fields);

}  // namespace repopipe
