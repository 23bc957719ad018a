// The steps of a merge, as SQL over the tables of two files: they write `main` and read `incoming`.
// merge.cc calls them in this order, in one transaction.
#pragma once

#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// These store in temporary tables which rows are new and which differ.  They run before any step
// that changes `main`.
Status match_runs(Database& database);
Status match_users(Database& database);
Status match_records(Database& database, const ResourceColumns& columns);
Status match_stays(Database& database, const ResourceColumns& columns);
Status match_listings(Database& database);

// Copies each run as a whole, with all its rows.
Status take_runs(Database& database, const std::vector<ResourceColumns>& resources);
// Of two rows of one account, record or login, these keep the one that was read later.
Status take_users(Database& database);
Status take_records(Database& database, const ResourceColumns& columns);
Status take_listings(Database& database);
// Combines the stays of a record that is in both files.
Status take_stays(Database& database, const ResourceColumns& columns);

// The columns of a table of `main`, quoted.
class Columns {
 public:
  static Result<Columns> of(Database& database, std::string_view table,
                            const std::vector<std::string>& except);

  // "i.a, i.b" for the prefix "i."
  std::string list(const std::string& prefix = "") const;
  // The columns as texts, which can be compared for any type, with binary collation.
  std::string texts(const std::string& prefix) const;
  // "a = excluded.a, b = excluded.b"
  std::string updates() const;

 private:
  std::vector<std::string> names_;
};

// A condition of an upsert: the new row was first seen before the row of `table`; for equal times,
// the name of its run comes first.
std::string is_earlier(const std::string& table);

}  // namespace repopipe
