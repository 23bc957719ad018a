// The tables as SQL.  `repos` and `repo_stats` have a column for each field of the provider; what
// the columns mean is in docs/database.md.
#pragma once

#include <string>

#include "pipeline/model/resource.h"

namespace repopipe {

// Step 1 of the schema: runs, users, repositories and their history.
std::string tables_sql(Fields fields);

// Step 2: what is known of each listing, so that the next night can ask what has changed; and what
// becomes of accounts.
std::string listing_tables_sql(Fields fields);

// Step 3: what a merge must know of runs and listings.
std::string merging_sql(Fields fields);

// Step 4: parts of a run, candidates for `gone`, and what a listing must know of earlier runs.
std::string parts_sql(Fields fields);

// How a column is declared when it comes to a table that has rows: as in tables_sql, but it may be
// NULL, because nothing is known of the past.
std::string added_column_sql(const Field& field);

}  // namespace repopipe
