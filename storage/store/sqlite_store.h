// The store of a run: writes listings into the SQLite database, many in one transaction.
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
#include "storage/records/run_interval.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"
#include "storage/store/accounts.h"
#include "storage/store/listing_writer.h"
#include "storage/store/missing_repos.h"
#include "storage/store/page_validators.h"
#include "storage/store/run_log.h"

namespace repopipe {

// Applies the listings of a resource whose records may move between accounts and may be gone, such
// as repositories: the records, the account, and the validators for the next run.
// Threading: that of the Database, inside the caller's transaction.  Cannot be moved.
class SubjectWriter final : public ResourceWriter {
 public:
  // Rows of this run have a time within `span`.  `span` and `columns` outlive this.
  SubjectWriter(Preparation& prepare, std::int64_t run_id, const RunInterval& span,
                const ResourceColumns& columns);

  Result<Applied> apply(const Listing& listing, std::string_view now) override;

  // Writes only if the account or a record was gone.
  Result<Applied> confirm(const Listing& listing, std::string_view now) override;

  // If the API reports that an account does not exist, the login has lost it.  RunTable::finish
  // marks it as gone, unless the run has seen it under another login.
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
  NotModifiedPages unchanged_;  // a member, so that its memory is reused
};

// Threading: one thread at a time; no other thread uses the Database meanwhile.
class SqliteStore final : public Store {
 public:
  // `run_id` is from RunTable::begin.  `database`, `resources` and `clock` outlive this.
  // `most_vanished`: see StayWriter.
  static Result<std::unique_ptr<SqliteStore>> open(Database& database, std::int64_t run_id,
                                                   Resources resources, const Clock& clock,
                                                   double most_vanished = 1);

  // All times come from the listing.  For an abandoned user, and for requests without a user, only
  // the requests are written.  For an unchanged user that was not gone, only the log is written.  A
  // failure names the user; after abandon() the group may be tried again.
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
  std::optional<Transaction> group_;  // last: an open transaction is rolled back first
};

}  // namespace repopipe
