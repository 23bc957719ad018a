// Brings the schema of an open database up to date.
#pragma once

#include "pipeline/base/failure.h"
#include "pipeline/model/resource.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// In one transaction: the steps that the file has not seen, tables of resources and columns of
// fields that it lacks, views whose definition differs.  Writes nothing when there is nothing to
// do.
Status migrate(Database& database, Resources resources);

}  // namespace repopipe
