// The tables `listings` and `pages`: the last known account of each login, and the pages of its
// last complete listing with their ETags.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model/listing.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"

namespace repopipe {

struct KnownListing {
  bool stored = false;                    // false: the login is new
  std::optional<std::int64_t> account{};  // nothing: it never led to an account with a record
  bool was_empty = false;                 // `empty_since` is set
};

// Threading: that of the Database, inside the caller's transaction.
class PageValidators {
 public:
  PageValidators(Preparation& prepare, const ResourceColumns& columns);

  Result<KnownListing> find(std::string_view login);

  // Appends the ids of the records of a stored page, also of those that could not be read.  False:
  // the page is not stored.
  Result<bool> add_records(std::string_view login, int page, std::vector<std::int64_t>& records);

  // Replaces the `known` listing by a complete one.  Unchanged pages keep their rows, except for a
  // new next page; an account that the listing does not have is kept.  `now` is the time of the
  // listing.
  Status replace(const Listing& listing, std::optional<std::int64_t> account,
                 const KnownListing& known, std::string_view now);

  // For a listing that has not changed: counts the run for its page size.
  Status confirm(const Listing& listing, const KnownListing& known);

  // For a listing that may be incomplete: stores the account of a new login, and no pages.
  Status remember(const Listing& listing, std::optional<std::int64_t> account,
                  std::string_view now);

  // The next run reads every page without ETags.
  Status read_anew(std::string_view login);
  Status read_anew(std::int64_t account);

 private:
  Status keep_page(std::string_view login, const Page& page);
  Status replace_page(std::string_view login, const Page& page, const KnownListing& known);
  void list_records(const Page& page);

  std::size_t id_field_;
  Statement find_;
  Statement replace_;
  Statement remember_;
  Statement has_rows_;
  Statement read_anew_;
  Statement read_account_anew_;
  Statement count_good_run_;
  Statement set_next_;
  Statement records_of_;
  Statement add_page_;
  Statement drop_page_;
  Statement drop_beyond_;
  std::string ids_;  // a member, so that its memory is reused
};

}  // namespace repopipe
