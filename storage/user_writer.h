// Applies what a run learned of one user: its repositories, who it is, and how to ask next time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/core/listing.h"
#include "storage/accounts.h"
#include "storage/database.h"
#include "storage/known_listings.h"
#include "storage/repo_columns.h"
#include "storage/repo_writer.h"
#include "storage/run_span.h"

namespace repopipe {

// Threading: that of the Database, inside the caller's transaction.  Stays where it is.
class UserWriter {
 public:
  // Rows of this run carry a time of `span`.  It and `columns` must outlive it.
  UserWriter(Preparation& prepare, std::int64_t run_id, const RunSpan& span,
             const RepoColumns& columns);

  // A complete listing of which at least one page was read.
  Result<Applied> apply(const Listing& listing, std::string_view now);

  // Every page is kept: nothing is written, unless the account or a repository was gone.
  Result<Applied> confirm(const Listing& listing, std::string_view now);

  // Nobody is found under the login: the account it led to is lost.  It is not gone yet: that is
  // for Ledger::finish, which knows whether the account has turned up under another login.
  Result<Applied> miss(const Listing& listing);

 private:
  Status load_kept(const Listing& listing);
  Status identify(const Listing& listing, Applied& applied);
  Result<std::optional<std::int64_t>> account_before(const Listing& listing,
                                                     const KnownListing& known);

  Accounts accounts_;
  KnownListings listings_;
  RepoWriter repos_;
  KeptPages kept_;  // a member to keep its memory for the next listing
};

}  // namespace repopipe
