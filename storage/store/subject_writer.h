// Applies what a run learned of one user: its repositories, who it is, and how to ask next time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/model/listing.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"
#include "storage/store/accounts.h"
#include "storage/store/listing_writer.h"
#include "storage/store/missing_repos.h"
#include "storage/store/page_validators.h"
#include "storage/store/run_interval.h"

namespace repopipe {

// Threading: that of the Database, inside the caller's transaction.  Stays where it is.
class SubjectWriter {
 public:
  // Rows of this run carry a time of `span`.  It and `columns` must outlive it.
  SubjectWriter(Preparation& prepare, std::int64_t run_id, const RunInterval& span,
                const ResourceColumns& columns);

  // A listing of which at least one page was read, or that is empty.  One that is incomplete, or
  // failed, leaves what is known of its pages as it is.
  Result<Applied> apply(const Listing& listing, std::string_view now);

  // Every page is kept: nothing is written, unless the account or a repository was gone.
  Result<Applied> confirm(const Listing& listing, std::string_view now);

  // A user without a list.  An account of which the API says that it is no more is lost.  It is not
  // gone yet: that is for RunTable::finish, which knows whether it has turned up elsewhere.
  Result<Applied> miss(const Listing& listing, std::string_view now);

 private:
  Status load_not_modified(const Listing& listing);
  Status identify(const Listing& listing, Applied& applied, std::string_view now);
  Status note_identity(const Listing& listing, Applied& applied, std::string_view now);
  Status note_missing(const Listing& listing, Applied& applied, std::string_view now);
  Result<std::optional<std::int64_t>> account_before(const Listing& listing,
                                                     const KnownListing& known);

  Accounts accounts_;
  PageValidators listings_;
  ListingWriter repos_;
  MissingRepos missing_;
  NotModifiedPages kept_;  // a member to keep its memory for the next listing
};

}  // namespace repopipe
