// Applies what a run learned of one user: its repositories, who it is, and how to ask next time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/listing.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"
#include "storage/store/accounts.h"
#include "storage/store/listing_writer.h"
#include "storage/store/missing_repos.h"
#include "storage/store/page_validators.h"
#include "storage/store/run_interval.h"
#include "storage/store/run_log.h"

namespace repopipe {
// Of a resource whose records may move and may be gone, such as repositories.
// Threading: that of the Database, inside the caller's transaction.  Stays where it is.
class SubjectWriter final : public ResourceWriter {
 public:
  // Rows of this run carry a time of `span`.  It and `columns` must outlive it.
  SubjectWriter(Preparation& prepare, std::int64_t run_id, const RunInterval& span,
                const ResourceColumns& columns);

  Result<Applied> apply(const Listing& listing, std::string_view now) override;

  // Nothing is written, unless the account or a record was gone.
  Result<Applied> confirm(const Listing& listing, std::string_view now) override;

  // An account of which the API says that it is no more is lost.  It is not gone yet: that is for
  // RunTable::finish, which knows whether it has turned up elsewhere.
  Result<Applied> miss(const Listing& listing, std::string_view now) override;

 private:
  Status load_not_modified(const Listing& listing);
  Status identify(const Listing& listing, Applied& applied, std::string_view now);
  Status note_identity(const Listing& listing, Applied& applied, std::string_view now);
  Status note_missing(const Listing& listing, Applied& applied, std::string_view now);
  Result<std::optional<std::int64_t>> account_before(const Listing& listing,
                                                     const KnownListing& known);

  Accounts accounts_;
  PageValidators listings_;
  ListingWriter records_;
  MissingRecords missing_;
  NotModifiedPages kept_;  // a member to keep its memory for the next listing
};

// The store stage's end: whole users into the database, many in one transaction.

// Threading: one thread at a time, and the Database is its alone meanwhile.
class SqliteStore final : public Store {
 public:
  // `run_id` is one of RunTable::begin.  `database`, `resources` and `clock` must outlive it.
  // `most_vanished`: see StayWriter.
  static Result<std::unique_ptr<SqliteStore>> open(Database& database, std::int64_t run_id,
                                                   Resources resources, const Clock& clock,
                                                   double most_vanished = 1);

  // Takes all times from the listing.  An abandoned user leaves only its requests, and so do
  // exchanges that belong to no user.  A user that is unchanged, and was there, leaves only what is
  // the run's own.  A failure names the user it met, and the group may be tried again.
  Result<Stored> add(const Listing& listing) override;
  Status commit() override;
  void abandon() noexcept override { group_.reset(); }

 private:
  SqliteStore(Database& database, Preparation& prepare, std::int64_t run_id, RunInterval span,
              Resources resources, const Clock& clock, double most_vanished);

  Result<Stored> apply(const Listing& listing);
  static Result<Applied> complete(ResourceWriter& writer, const Listing& listing,
                                  std::string_view now);

  Database& database_;
  const Clock& clock_;
  std::vector<ResourceColumns> resources_;
  RunInterval span_;
  std::map<int, std::unique_ptr<ResourceWriter>> writers_;  // by resource
  RunLog log_;
  std::optional<Transaction> group_;  // last: what is left of it is taken back
};

}  // namespace repopipe
