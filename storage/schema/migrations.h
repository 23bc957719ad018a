// Updates the schema of an open database.  Used by open_database.
#pragma once

#include "pipeline/base/failure.h"
#include "pipeline/model/resource.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// Runs the missing steps, adds missing tables and columns of resources, and replaces views whose
// definition differs; all in one transaction.  Writes nothing if nothing is missing.
Status migrate(Database& database, Resources resources);

}  // namespace repopipe
