// The steps of a merge, each of them SQL over the tables of two files: `main` is extended,
// `incoming` is read.  merge.cc calls them in this order, in one transaction.
#pragma once

#include <string>
#include <vector>

#include "pipeline/base/failure.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// Which rows are new and which differ, in temporary tables: all questions to `main` as it was.
Status match_runs(Database& database);
Status match_users(Database& database);
Status match_records(Database& database, const ResourceColumns& columns);
Status match_stays(Database& database, const ResourceColumns& columns);
Status match_listings(Database& database);

// A run is taken over as a whole: what it recorded is never mixed with anything.
Status take_runs(Database& database, const std::vector<ResourceColumns>& resources);
// Of two rows of one account, record or login the one that was read later.
Status take_users(Database& database);
Status take_records(Database& database, const ResourceColumns& columns);
Status take_listings(Database& database);
// The stays of a record that two files know become those that agree with both.
Status take_stays(Database& database, const ResourceColumns& columns);

// The columns of a table of `main`, quoted.
class Columns {
 public:
  static Result<Columns> of(Database& database, std::string_view table,
                            const std::vector<std::string>& except);

  // "i.a, i.b" for the prefix "i."
  std::string list(const std::string& prefix = "") const;
  // The same as texts that have an order, whatever their types are; without regard to collations.
  std::string texts(const std::string& prefix) const;
  // "a = excluded.a, b = excluded.b"
  std::string updates() const;

 private:
  std::vector<std::string> names_;
};

// Of an upsert: whether the row that comes was seen first before the one of `table` was; of two
// that were seen at once, whether its run's name comes first.
std::string is_earlier(const std::string& table);

}  // namespace repopipe
