// The store stage's end: whole users into the database, many in one transaction.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"
#include "storage/store/run_interval.h"
#include "storage/store/run_log.h"
#include "storage/store/subject_writer.h"

namespace repopipe {

// Threading: one thread at a time, and the Database is its alone meanwhile.
class SqliteStore final : public Store {
 public:
  // `run_id` is one of RunTable::begin.  `database`, `fields` and `clock` must outlive it.
  static Result<std::unique_ptr<SqliteStore>> open(Database& database, std::int64_t run_id,
                                                   Fields fields, const Clock& clock);

  // Takes all times from the listing.  An abandoned user leaves only its requests, and so do
  // exchanges that belong to no user.  A user that is unchanged, and was there, leaves only what is
  // the run's own.  A failure names the user it met, and the group may be tried again.
  Result<Stored> add(const Listing& listing) override;
  Status commit() override;
  void abandon() noexcept override { group_.reset(); }

 private:
  SqliteStore(Database& database, Preparation& prepare, std::int64_t run_id, RunInterval span,
              Fields fields, const Clock& clock);

  Result<Stored> apply(const Listing& listing);
  Result<Applied> complete(const Listing& listing, std::string_view now);

  Database& database_;
  const Clock& clock_;
  ResourceColumns columns_;
  RunInterval span_;
  SubjectWriter users_;
  RunLog log_;
  std::optional<Transaction> group_;  // last: what is left of it is taken back
};

}  // namespace repopipe
