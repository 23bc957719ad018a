// The parts of night_report.
#pragma once

#include <string_view>

#include "storage/query/night_report.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// Each reads into `report`, whose `night`, `finished`, `before` and `nights` are set.
Status read_changes(Database& database, NightReport& report);
Status read_users(Database& database, NightReport& report);
Status read_slowest(Database& database, NightReport& report);
Status read_requests(Database& database, NightReport& report);

}  // namespace repopipe
